/**
 * Draws build/icons/tray: the icon of every state for the panels of Linux, for Windows and, as template images, for the
 * menu bar of macOS; and the numbers that Windows lays over the button in its taskbar. By Chromium, from tray.svg. Run by
 * hand after the drawing has changed: `node build/scripts/trayIcons.ts`.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { chromiumBinary, preflight } from './preflight.ts'
import { projectDir } from './run.ts'

const iconsDir = join(projectDir, 'build/icons')
const trayDir = join(iconsDir, 'tray')
const states = ['online', 'connecting', 'offline', 'signedOut'] as const
/** Pixels of the plain drawing, and what the finer ones are called. */
const looks = {
  panel: { px: 24, scales: { '': 1, '@2x': 2 } },
  windows: { px: 16, scales: { '': 1, '@1.25x': 1.25, '@1.5x': 1.5, '@2x': 2, '@3x': 3 } },
  template: { px: 18, scales: { '': 1, '@2x': 2 } },
} as const

const style = `
  body { margin: 0 }
  svg { display: block }
  .dots, .slash, .gap, .cut-slash, .dot, .cut-dot { display: none }
  .unread :is(.dot, .cut-dot), .connecting .dots, .offline .slash { display: inline }
  .template.offline .cut-slash, .color.offline .gap { display: inline }
  .color.offline .gap { stroke: #5d6a70 }
  .connecting .legs, .signedOut .legs { display: none }
  .color .ground { fill: #1c5865 }
  .color .body { fill: #f0a164 }
  .color .bill { fill: #fbefdd }
  .color .legs { stroke: #fbefdd }
  .color .dots { fill: #fbefdd }
  .color .dot { fill: #e5531f }
  .color.connecting .body { fill: #b9d7d6 }
  .color.offline .ground { fill: #5d6a70 }
  .color.offline :is(.body, .bill) { fill: #d5dcdf }
  .color.offline .legs { stroke: #d5dcdf }
  .color.offline .slash { stroke: #fff }
  .color.signedOut .ground { fill: none; stroke: #87949a; stroke-width: 1.5 }
  .color.signedOut :is(.body, .bill) { fill: #87949a }
  .template .ground { display: none }
  .template .legs, .template .slash { stroke: #000 }
  .template.signedOut .bird { opacity: .45 }
  .template .bird { transform: translate(-2.2px, -.4px) scale(.055) }
`

if (!preflight()) process.exit(1)
const drawing = readFileSync(join(iconsDir, 'tray.svg'), 'utf8')
rmSync(trayDir, { recursive: true, force: true })
mkdirSync(trayDir, { recursive: true })
const browser = await chromium.launch({ executablePath: chromiumBinary() ?? '', args: ['--no-sandbox'] })
try {
  for (const state of states) {
    for (const unread of [false, true]) {
      const name = unread ? `${state}-unread` : state
      for (const [look, { px, scales }] of Object.entries(looks)) {
        const classes = [state, look === 'template' ? 'template' : 'color', ...(unread ? ['unread'] : [])]
        const svg = drawing.replace('<svg ', `<svg class="${classes.join(' ')}" width="${px}" height="${px}" `)
        for (const [suffix, scale] of Object.entries(scales)) {
          const file = look === 'template' ? `${name}Template${suffix}.png` : `${name}-${look}${suffix}.png`
          await draw(svg, px, scale, file)
        }
      }
    }
  }
  for (let count = 1; count <= 10; count++) {
    const text = count > 9 ? '9+' : String(count)
    for (const [suffix, scale] of Object.entries({ '': 1, '@2x': 2 }))
      await draw(overlay(text), 16, scale, `overlay-${count > 9 ? 'many' : text}${suffix}.png`)
  }
} finally {
  await browser.close()
}

function overlay(text: string): string {
  const size = text.length > 1 ? 9 : 11.5
  return `<svg xmlns="http://www.w3.org/2000/svg" width="16" height="16" viewBox="0 0 16 16">
    <circle cx="8" cy="8" r="8" fill="#c73f10" />
    <text x="8" y="${8 + size * 0.36}" font-family="sans-serif" font-weight="700" font-size="${size}" fill="#fff" text-anchor="middle">${text}</text>
  </svg>`
}

/** A pixel of the page is `scale` pixels of the file, whole ones. */
async function draw(svg: string, px: number, scale: number, file: string): Promise<void> {
  const page = await browser.newPage({ viewport: { width: px, height: px }, deviceScaleFactor: scale })
  try {
    await page.setContent(`<style>${style}</style>${svg}`)
    await page.screenshot({ path: join(trayDir, file), omitBackground: true })
  } finally {
    await page.close()
  }
}

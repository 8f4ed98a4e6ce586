/**
 * Draws every icon of the program from icon.svg, by Chromium: icon.png, the sizes of the Linux icon theme in
 * build/icons/linux, icon.ico for Windows and icon.icns for macOS. Run by hand after the drawing has changed:
 * `node build/scripts/icons.ts`.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { icnsFile, icnsSizes, icoFile, icoSizes, themeSizes } from '../packaging/iconFiles.ts'
import { chromiumBinary, preflight } from './preflight.ts'
import { projectDir } from './run.ts'

const iconsDir = join(projectDir, 'build/icons')
const linuxDir = join(iconsDir, 'linux')

if (!preflight()) process.exit(1)
const drawn = new Map<number, Buffer>()
const browser = await chromium.launch({ executablePath: chromiumBinary() ?? '', args: ['--no-sandbox'] })
try {
  const drawing = readFileSync(join(iconsDir, 'icon.svg'), 'utf8')
  for (const size of new Set([...themeSizes, ...icoSizes, ...icnsSizes])) {
    const page = await browser.newPage({ viewport: { width: size, height: size } })
    await page.setContent(`<style>body { margin: 0 } svg { display: block; width: ${size}px }</style>${drawing}`)
    drawn.set(size, await page.screenshot({ omitBackground: true }))
    await page.close()
  }
} finally {
  await browser.close()
}

const picture = (size: number): Buffer => {
  const found = drawn.get(size)
  if (found === undefined) throw new Error(`no picture of ${size} pixels was drawn`)
  return found
}
mkdirSync(linuxDir, { recursive: true })
for (const size of themeSizes) writeFileSync(join(linuxDir, `${size}x${size}.png`), picture(size))
writeFileSync(join(iconsDir, 'icon.png'), picture(512))
writeFileSync(join(iconsDir, 'icon.ico'), icoFile(icoSizes.map((size) => ({ size, png: picture(size) }))))
writeFileSync(join(iconsDir, 'icon.icns'), icnsFile(icnsSizes.map((size) => ({ size, png: picture(size) }))))

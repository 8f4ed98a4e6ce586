/**
 * Draws build/icons/icon.png (512 × 512, from which electron-builder makes every platform's icon) from icon.svg, by
 * Chromium. Run by hand after the drawing has changed: `node build/scripts/icons.ts`.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { chromiumBinary, preflight } from './preflight.ts'
import { projectDir } from './run.ts'

const size = 512
const iconsDir = join(projectDir, 'build/icons')

if (!preflight()) process.exit(1)
const browser = await chromium.launch({ executablePath: chromiumBinary() ?? '', args: ['--no-sandbox'] })
try {
  const page = await browser.newPage({ viewport: { width: size, height: size } })
  const drawing = readFileSync(join(iconsDir, 'icon.svg'), 'utf8')
  await page.setContent(`<style>body { margin: 0 } svg { display: block; width: ${size}px }</style>${drawing}`)
  await page.screenshot({ path: join(iconsDir, 'icon.png'), omitBackground: true })
} finally {
  await browser.close()
}

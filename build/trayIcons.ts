/** Puts the drawings of tray and badge beside the built main process, where it looks for them. */
import { readFileSync, readdirSync } from 'node:fs'
import type { Plugin } from 'vite'

const folder = new URL('./icons/tray/', import.meta.url)

export function trayIconsPlugin(): Plugin {
  return {
    name: 'godwit-tray-icons',
    generateBundle() {
      for (const name of readdirSync(folder).filter((file) => file.endsWith('.png')))
        this.emitFile({ type: 'asset', fileName: `icons/${name}`, source: readFileSync(new URL(name, folder)) })
    },
  }
}

/**
 * Turns the functions of this folder into scripts that Chromium runs at the start of every document.
 *
 * They travel as their own source text: the host always runs as plain Node, whose type stripping leaves blanks where the
 * types were and adds nothing. They must stay self-contained for that.
 */
import { readFileSync } from 'node:fs'
import { createCodec } from './codec.ts'
import { createBridge } from './contextBridge.ts'
import { startPreloadWorld } from './preloadWorld.ts'

/** Name of the preload's world, as Electron calls it. */
export const preloadWorldName = 'Electron Isolated Context'

export interface PreloadScripts {
  /** Runs in the page's own world. */
  page: string
  /** Runs in the world named `preloadWorldName`. */
  preload: string
}

/** The two scripts for one window. `secret` names the events between the worlds; fresh for each window. */
export function preloadScripts(options: { preloadPath: string; secret: string; process: object }): PreloadScripts {
  const secret = JSON.stringify(options.secret)
  const inMainFrame = (body: string): string => `(() => {\nif (window.top !== window) return;\n${body}\n})()`
  return {
    page: inMainFrame(`(${createBridge.toString()})('page', 'preload', ${secret})`),
    preload: inMainFrame(`
(${startPreloadWorld.toString()})({
  codec: (${createCodec.toString()})(),
  bridge: (${createBridge.toString()})('preload', 'page', ${secret}),
  process: ${JSON.stringify(options.process)},
  preloadPath: ${JSON.stringify(options.preloadPath)},
  preload(require, module, exports, process) {
${readFileSync(options.preloadPath, 'utf8')}
  },
})`),
  }
}

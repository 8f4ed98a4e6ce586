/**
 * Turns the modules of this folder into scripts that Chromium runs at the start of every document.
 *
 * They are read as files and stripped of their types, rather than stringified as functions, so that no compiler or
 * coverage tool between the source and the page can leave its helpers in them.
 */
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'

/** Name of the preload's world, as Electron calls it. */
export const preloadWorldName = 'Electron Isolated Context'

function moduleSource(name: string): string {
  const file = readFileSync(new URL(`./${name}.ts`, import.meta.url), 'utf8')
  return stripTypeScriptTypes(file).replace(/^export /gm, '')
}

export interface PreloadScripts {
  /** Runs in the page's own world. */
  page: string
  /** Runs in the world named `preloadWorldName`. */
  preload: string
}

/** The two scripts for one window. `secret` names the events between the worlds; fresh for each window. */
export function preloadScripts(options: { preloadPath: string; secret: string; process: object }): PreloadScripts {
  const secret = JSON.stringify(options.secret)
  const info = JSON.stringify(options.process)
  const path = JSON.stringify(options.preloadPath)
  const inMainFrame = (body: string): string => `(() => {\nif (window.top !== window) return;\n${body}\n})()`
  const bridge = moduleSource('contextBridge')
  const preload = readFileSync(options.preloadPath, 'utf8')
  return {
    page: inMainFrame(`${bridge}\ncreateBridge('page', 'preload', ${secret})`),
    preload: inMainFrame(`
${moduleSource('codec')}
${bridge}
${moduleSource('preloadWorld')}
startPreloadWorld({
  codec: createCodec(),
  bridge: createBridge('preload', 'page', ${secret}),
  process: ${info},
  preloadPath: ${path},
  preload(require, module, exports, process) {
${preload}
  },
})`),
  }
}

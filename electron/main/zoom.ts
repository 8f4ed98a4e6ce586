/** How large the pages are drawn, the same in every window, kept over restarts. 1 is 100 %. */
import type { BrowserWindow } from 'electron'
import * as v from 'valibot'
import type { AppStore } from '#electron/core/ports/appStore.ts'

const steps = [0.5, 0.67, 0.75, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const
const stateKey = 'zoom'
const storedSchema = v.pipe(v.string(), v.parseJson(), v.picklist(steps))

export interface Zoom {
  readonly factor: number
  in(): void
  out(): void
  reset(): void
  /** Draws the window's page as all others, and takes its wish by wheel or pinch for all. */
  follow(window: BrowserWindow): void
}

export interface ZoomOptions {
  readonly appStore: Pick<AppStore, 'readState' | 'writeState'>
  readonly windows: () => readonly BrowserWindow[]
}

export function createZoom({ appStore, windows }: ZoomOptions): Zoom {
  const read = (): number => {
    const parsed = v.safeParse(storedSchema, appStore.readState(stateKey))
    return parsed.success ? parsed.output : 1
  }
  const set = (factor: number): void => {
    appStore.writeState(stateKey, JSON.stringify(factor))
    for (const { webContents } of windows()) webContents.setZoomFactor(factor)
  }
  const zoom: Zoom = {
    get factor() {
      return read()
    },
    in: () => set(steps.find((step) => step > read()) ?? read()),
    out: () => set(steps.findLast((step) => step < read()) ?? read()),
    reset: () => set(1),
    follow({ webContents }) {
      webContents.on('dom-ready', () => webContents.setZoomFactor(read()))
      webContents.on('zoom-changed', (_event, direction) => (direction === 'in' ? zoom.in() : zoom.out()))
    },
  }
  return zoom
}

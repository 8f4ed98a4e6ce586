/**
 * Where windows stood, kept per arrangement of screens: whoever comes back to the desk finds them where they were there.
 *
 * Must never put a window where nobody sees it, nor place one on Wayland, where only the compositor may.
 */
import type { BrowserWindow, Rectangle } from 'electron'
import * as v from 'valibot'
import type { AppStore } from '#electron/core/ports/appStore.ts'

const placeSchema = v.object({
  x: v.number(),
  y: v.number(),
  width: v.number(),
  height: v.number(),
  maximized: v.boolean(),
})
const placesSchema = v.record(v.string(), placeSchema)
type Place = v.InferOutput<typeof placeSchema>

/** Arrangements remembered per window; the one used longest ago goes first. */
const mostArrangements = 8
/** So much of a window's title bar has to be in reach. */
const graspPx = 80
const titleBarPx = 40

export interface WindowBoundsOptions {
  readonly appStore: Pick<AppStore, 'readState' | 'writeState'>
  /** The parts of the screens that windows may use. */
  readonly workAreas: () => readonly Rectangle[]
  /** Windows place themselves: on X11, Windows and macOS, not on Wayland. */
  readonly mayPlace: boolean
}

/** What a window is made with; `maximized` is to be done once it is there. */
export interface RestoredBounds {
  readonly bounds: { x?: number; y?: number; width?: number; height?: number }
  readonly maximized: boolean
}

export interface WindowBounds {
  /** Nothing where nothing is known of this arrangement, or the place is on no screen any more. */
  restored(name: string): RestoredBounds
  store(name: string, window: Pick<BrowserWindow, 'getNormalBounds' | 'isMaximized'>): void
}

export function createWindowBounds({ appStore, workAreas, mayPlace }: WindowBoundsOptions): WindowBounds {
  const keyOf = (name: string): string => `bounds.${name}`
  const arrangement = (): string =>
    workAreas()
      .map(({ x, y, width, height }) => `${x},${y},${width},${height}`)
      .sort()
      .join(' ')
  const read = (name: string): Record<string, Place> => {
    const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), placesSchema), appStore.readState(keyOf(name)))
    return parsed.success ? parsed.output : {}
  }
  const isSeen = ({ x, y, width }: Place): boolean =>
    workAreas().some(
      (area) =>
        x < area.x + area.width - graspPx &&
        x + width > area.x + graspPx &&
        y >= area.y &&
        y < area.y + area.height - titleBarPx,
    )

  return {
    restored(name) {
      const places = read(name)
      const place = Object.hasOwn(places, arrangement()) ? places[arrangement()] : undefined
      if (place === undefined) return { bounds: {}, maximized: false }
      const { x, y, width, height, maximized } = place
      if (!mayPlace) return { bounds: { width, height }, maximized }
      return isSeen(place) ? { bounds: { x, y, width, height }, maximized } : { bounds: {}, maximized: false }
    },
    store(name, window) {
      const here = arrangement()
      const others = Object.entries(read(name)).filter(([key]) => key !== here)
      const place: Place = { ...window.getNormalBounds(), maximized: window.isMaximized() }
      const kept = [...others, [here, place] as const].slice(-mostArrangements)
      appStore.writeState(keyOf(name), JSON.stringify(Object.fromEntries(kept)))
    },
  }
}

/** Whether the program draws by Wayland, where a window cannot say where it stands. */
export function isWayland(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, ozonePlatform: string): boolean {
  if (platform !== 'linux' || ozonePlatform === 'x11') return false
  return ozonePlatform === 'wayland' || env['XDG_SESSION_TYPE'] === 'wayland' || Boolean(env['WAYLAND_DISPLAY'])
}

/** How a picture lies on its stage: how large, how far moved, how turned. Pure: pixels of the screen in, a view out. */
export interface Size {
  readonly width: number
  readonly height: number
}

export interface View {
  /** Pixels of the screen per pixel of the picture; null: as large as the stage allows. */
  readonly scale: number | null
  /** From the middle of the stage to the middle of the picture. */
  readonly x: number
  readonly y: number
  /** Quarters, clockwise. */
  readonly turns: number
}

export const wholeView: View = { scale: null, x: 0, y: 0, turns: 0 }

const step = 1.25
const largest = 16
/** A small picture is not blown up to fill the stage. */
const largestFit = 1

export interface Stage {
  /** Of the picture itself. */
  readonly picture: Size
  readonly room: Size
}

const turned = ({ width, height }: Size, turns: number): Size =>
  turns % 2 === 0 ? { width, height } : { width: height, height: width }

export function fitScale({ picture, room }: Stage, turns: number): number {
  const { width, height } = turned(picture, turns)
  if (width < 1 || height < 1) return 1
  return Math.min(largestFit, room.width / width, room.height / height)
}

export function scaleOf(view: View, stage: Stage): number {
  return view.scale ?? fitScale(stage, view.turns)
}

/** Moved so far that no edge comes further in than it has to. */
function held(view: View, stage: Stage): View {
  const { width, height } = turned(stage.picture, view.turns)
  const scale = scaleOf(view, stage)
  const most = {
    x: Math.max(0, width * scale - stage.room.width) / 2,
    y: Math.max(0, height * scale - stage.room.height) / 2,
  }
  const x = Math.max(-most.x, Math.min(most.x, view.x))
  const y = Math.max(-most.y, Math.min(most.y, view.y))
  return { ...view, x: x + 0, y: y + 0 }
}

/** `at`: what stays where it is, from the middle of the stage. */
export function zoomTo(view: View, stage: Stage, wanted: number, at = { x: 0, y: 0 }): View {
  const fit = fitScale(stage, view.turns)
  const scale = Math.min(largest, Math.max(Math.min(fit, 1), wanted))
  // As large as the stage allows is a state of its own: it follows the window.
  if (scale <= fit) return { ...view, scale: null, x: 0, y: 0 }
  const ratio = scale / scaleOf(view, stage)
  return held({ ...view, scale, x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio }, stage)
}

export function zoomIn(view: View, stage: Stage, at?: { x: number; y: number }): View {
  return zoomTo(view, stage, scaleOf(view, stage) * step, at)
}

export function zoomOut(view: View, stage: Stage, at?: { x: number; y: number }): View {
  return zoomTo(view, stage, scaleOf(view, stage) / step, at)
}

/** Between all of it and its own pixels, or twice as large where all of it is its own pixels. */
export function toggleZoom(view: View, stage: Stage, at?: { x: number; y: number }): View {
  if (view.scale !== null) return { ...view, scale: null, x: 0, y: 0 }
  return zoomTo(view, stage, fitScale(stage, view.turns) < 1 ? 1 : 2, at)
}

export function move(view: View, stage: Stage, dx: number, dy: number): View {
  return held({ ...view, x: view.x + dx, y: view.y + dy }, stage)
}

export function turn(view: View): View {
  return { scale: null, x: 0, y: 0, turns: (view.turns + 1) % 4 }
}

/** For the style of the picture, which lies in the middle of the stage in its own size. */
export function transformOf(view: View, stage: Stage): string {
  return `translate(${view.x}px, ${view.y}px) rotate(${view.turns * 90}deg) scale(${scaleOf(view, stage)})`
}

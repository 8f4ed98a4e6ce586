/**
 * Vitest global set-up of the projects that test the built app: builds it, so that no test sees an old build.
 *
 * Promises: one build per run, however many projects ask. Must never build into out/ twice at a time.
 */
import { runNode, toolPath } from './run.ts'

const state: { built?: Promise<number> } = ((globalThis as Record<symbol, object>)[Symbol.for('godwit.built')] ??= {})

/** Builds the app into out/; throws when it does not build. */
export async function setup(): Promise<void> {
  state.built ??= runNode(toolPath('electron-vite'), ['build', '--logLevel', 'warn'])
  if ((await state.built) !== 0) throw new Error('The app does not build: run `npm run build` to see why.')
}

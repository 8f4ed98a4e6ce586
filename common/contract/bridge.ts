import type { Result } from '../base/result.ts'

/** The two channels between a window and main. */
export const callChannel = 'godwit:call'
export const pushChannel = 'godwit:push'

/** What the preload exposes as `window.godwit`: plain functions of plain data. */
export interface Bridge {
  call(name: string, input: unknown): Promise<Result<unknown>>
  /** Returns a function that stops the listening. */
  onPush(listener: (push: unknown) => void): () => void
}

/**
 * Pages that begin anew because the program was locked: each is given a moment to hand over what was written, attached
 * and recorded in it.
 *
 * Promises: a page begins anew as soon as it has said that it is done, and after `partingMs` in any case, unless the
 * program was unlocked before.
 */
import type { Disposable } from '#common/base/disposable.ts'
import type { Clock } from '#electron/core/ports/platform.ts'

export const partingMs = 3_000

export interface PartingOptions {
  readonly clock: Pick<Clock, 'after'>
  readonly beginAnew: (contentsId: number) => void
}

export interface Parting extends Disposable {
  /** Locked just now: the ids of the pages that are there. */
  begin(contentsIds: readonly number[]): void
  /** The page has nothing left to hand over. */
  parted(contentsId: number): void
  /** Unlocked: whoever is still here may stay. */
  end(): void
}

export function createParting({ clock, beginAnew }: PartingOptions): Parting {
  const waiting = new Map<number, Disposable>()
  const parted = (contentsId: number): void => {
    const timer = waiting.get(contentsId)
    if (timer === undefined) return
    timer.dispose()
    waiting.delete(contentsId)
    beginAnew(contentsId)
  }
  const end = (): void => {
    for (const timer of waiting.values()) timer.dispose()
    waiting.clear()
  }
  return {
    begin(contentsIds) {
      end()
      for (const id of contentsIds)
        waiting.set(
          id,
          clock.after(partingMs, () => parted(id)),
        )
    },
    parted,
    end,
    dispose: end,
  }
}

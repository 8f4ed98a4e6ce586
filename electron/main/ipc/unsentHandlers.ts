/** Handlers of what a page holds and has not sent, while it begins anew. */
import { fail, ok } from '#common/base/result.ts'
import type { KeptUnsent } from '../unsent.ts'
import type { Handlers } from './router.ts'

export function createUnsentHandlers(unsent: KeptUnsent): Pick<Handlers, 'unsent.keep' | 'unsent.take'> {
  return {
    'unsent.keep': (given, { id }) => (unsent.keep(id, given) ? ok({}) : fail('attachment.tooBig')),
    'unsent.take': (_input, { id }) => ok({ next: unsent.take(id) }),
  }
}

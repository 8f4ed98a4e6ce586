/** What a page may ask about newer versions of the program. */
import * as v from 'valibot'

const nothing = v.object({})

export const updateCalls = {
  /** Looks now, and fetches what is newer. Answers at once; the rest comes by the push. */
  'update.check': { input: nothing, output: nothing },
  /** Ends the program in good order and starts the new one. Refused where none is ready. */
  'update.restart': { input: nothing, output: nothing },
} as const

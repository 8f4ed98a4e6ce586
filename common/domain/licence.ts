import * as v from 'valibot'

/** A package that is part of the program, and what it may be used for. */
export const licenceSchema = v.object({
  name: v.string(),
  version: v.string(),
  /** An SPDX expression, or empty. */
  licence: v.string(),
  text: v.string(),
})
export type Licence = v.InferOutput<typeof licenceSchema>

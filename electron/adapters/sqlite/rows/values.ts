/** How values cross into the database and back. */

/** Decimal digits that a JavaScript number holds exactly whatever they are. */
const exactDigits = 15

/** A sequence as the library binds it without rounding. */
export function bindSequence(sequence: string): number | bigint {
  return sequence.length <= exactDigits ? Number(sequence) : BigInt(sequence)
}

export function bindFlag(flag: boolean): number {
  return flag ? 1 : 0
}

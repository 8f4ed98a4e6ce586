/** The numbers of sections 3.2 and 3.3 of the im2 document, by the names its schema gives them. */
import { im2 } from '#proto/gen/im2.js'

export const MessageType = im2.MessageType
export const MessageStatus = im2.MessageStatus

const numbersOf = (named: object): readonly (readonly [string, number])[] =>
  Object.entries(named).filter((entry): entry is [string, number] => typeof entry[1] === 'number')

const typeNumbers: ReadonlyMap<string, number> = new Map(numbersOf(MessageType))
const typeNames: ReadonlyMap<number, string> = new Map(numbersOf(MessageType).map(([name, number]) => [number, name]))
const statusNumbers: ReadonlyMap<string, number> = new Map(numbersOf(MessageStatus))

/** The document's name of a type, or the number itself. */
export function typeLabel(type: number): string {
  return typeNames.get(type) ?? String(type)
}

export function typeNumber(name: string): number | undefined {
  return typeNumbers.get(name.toUpperCase())
}

/** Accepts the document's name with and without its prefix, as servers' events do. */
export function statusNumber(name: string): number | undefined {
  const upper = name.toUpperCase()
  return statusNumbers.get(upper) ?? statusNumbers.get(`MESSAGE_${upper}`)
}

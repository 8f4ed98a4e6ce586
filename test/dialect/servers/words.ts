/** What the conformance suite asks of the server of a dialect. */
import type { Frame, OutboundFrame } from '#electron/core/ports/transport.ts'

export interface ServerWords {
  /** The frame in which everyone concerned sees the message just sent, the sender included. */
  echo(sent: OutboundFrame, senderId: string): Frame
  /** How the message of a text is recalled towards everyone: the answer to our own recall command. */
  recalled(sent: OutboundFrame, senderId: string): Frame
  /** Good frames of every sort, to be mutated. */
  readonly frames: readonly Frame[]
}

/** The JSON body of a frame of ours. */
export function bodyOf(sent: OutboundFrame): Record<string, unknown> {
  if (typeof sent.body !== 'string') throw new Error('not text')
  return JSON.parse(sent.body) as Record<string, unknown>
}

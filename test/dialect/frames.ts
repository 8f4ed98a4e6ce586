/** Frames for dialects, and the one who receives them. */
import { readFileSync } from 'node:fs'
import type { ServerEvent } from '#common/domain/events.ts'
import type { DecodeContext, Decoded } from '#electron/core/ports/dialect.ts'
import type { Frame } from '#electron/core/ports/transport.ts'

export interface FrameOptions {
  readonly destination?: string
  readonly contentType?: string | null
  /** What the content-length header says; by default the truth. */
  readonly length?: number
}

export function frameOf(body: string | Uint8Array, options: FrameOptions = {}): Frame {
  const bytes = Buffer.from(body)
  const contentType = options.contentType ?? null
  return {
    destination: options.destination ?? '/user/queue/private-messages',
    contentType,
    headers: {
      'content-length': String(options.length ?? bytes.length),
      ...(contentType === null ? {} : { 'content-type': contentType }),
    },
    body: bytes,
  }
}

export function jsonFrameOf(value: unknown, options: FrameOptions = {}): Frame {
  return frameOf(JSON.stringify(value), { contentType: 'application/json', ...options })
}

/** `me`, who knows that `g1` is a group. */
export const context: DecodeContext = { selfId: 'me', isGroup: (id) => id === 'g1' }

export function contextOf(selfId: string, ...groups: readonly string[]): DecodeContext {
  return { selfId, isGroup: (id) => groups.includes(id) }
}

/** The events of a frame that must be understood. */
export function eventsOf(decoded: Decoded): readonly ServerEvent[] {
  if (!decoded.ok) throw new Error(`undecoded: ${decoded.reason}`)
  return decoded.inbound.events
}

/** The one event of a frame that must hold exactly one. */
export function eventOf(decoded: Decoded): ServerEvent {
  const [event, ...more] = eventsOf(decoded)
  if (event === undefined || more.length > 0) throw new Error(`${more.length + 1} events`)
  return event
}

export function fixture(name: string): Buffer {
  return readFileSync(new URL(`../fixtures/${name}`, import.meta.url))
}

/** A sample of the source documents, word for word. */
export function sample(name: string): string {
  return fixture(`documents/${name}.json`).toString('utf8').trimEnd()
}

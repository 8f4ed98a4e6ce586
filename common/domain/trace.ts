/**
 * What happened to a message written here, step by step, from the composer to the proof that it arrived. Kept with the
 * message, bounded, and told to whoever has to prove a delivery (section 3 of our protocol reading).
 */
import * as v from 'valibot'
import { deliveryProofs } from './delivery.ts'

/** What is done: the message itself, or something about it. */
export const tracedCommands = ['send', 'edit', 'recall', 'delete', 'pin'] as const

/** Why a command was written again. */
export const writeCauses = [
  /** The connection ended before the server had shown that it has the command; `code` says how it ended. */
  'linkLost',
  /** The connection lived on, and the server showed nothing in time. */
  'noProof',
  /** The program ended with the command unproved: it was quit, or it crashed. */
  'restarted',
  /** The user asked for it. */
  'retried',
] as const
export type WriteCause = (typeof writeCauses)[number]

export const traceSteps = [
  /** On stable storage, together with its place in the queue. */
  'stored',
  /** Its words were changed here before they were ever written. */
  'changed',
  /** Held back by what administrators allow; `code` and `detail` say why. */
  'held',
  'released',
  /** Its file is with the upload endpoint. */
  'uploaded',
  /** Handed to the connection for the `number`th time. */
  'written',
  /** The server has shown, by `proof`, that it has it. */
  'proved',
  /** The server's own id of the message became known. */
  'identified',
  'delivered',
  'read',
  /** Refused, or given up; `code` and `detail` say why. */
  'failed',
  'retried',
] as const

export const traceStepSchema = v.object({
  step: v.picklist(traceSteps),
  command: v.picklist(tracedCommands),
  /** Local clock, ms since 1970. */
  at: v.number(),
  /** The server's clock, where it said. */
  serverTime: v.nullable(v.number()),
  /** Of a writing: which one it was; of several equal ones told as one, the last. */
  number: v.nullable(v.number()),
  /** How many equal steps in a row are told as this one. */
  times: v.number(),
  /** When the last of them was, local clock. */
  lastAt: v.number(),
  cause: v.nullable(v.picklist(writeCauses)),
  proof: v.nullable(v.picklist(deliveryProofs)),
  code: v.nullable(v.string()),
  detail: v.nullable(v.string()),
})
export type TraceStep = v.InferOutput<typeof traceStepSchema>

/** Steps kept of one message; the first and the newest ones stay. */
export const maxTraceSteps = 100

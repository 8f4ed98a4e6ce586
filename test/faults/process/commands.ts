/** What a test and its client in a process of its own say to each other: one call or one event a message. */
import type { ConnectionState, ConnectionStatus } from '#common/domain/connection.ts'
import type { Message } from '#common/domain/message.ts'
import type { DialectName } from '#test/server/types.ts'

export interface ProcessOptions {
  readonly dialect: DialectName
  readonly userId: string
  readonly deviceId: string
  readonly url: string
  readonly appKey: string
  readonly token: string
  readonly databaseFile: string
  readonly heartbeatMs?: number
  /** How much faster the client's time runs; 1. */
  readonly speed?: number
  /** Nothing of what is told is kept, so that memory shows what the client itself needs. */
  readonly forgetsRows?: boolean
  /** The store on the client's own thread, where SQL can be watched; else in a worker, as in the app. */
  readonly inThread?: boolean
  /** The named point at which the process kills itself, and at which time it comes there. Only with `inThread`. */
  readonly killAt?: { readonly point: string; readonly time: number }
}

export interface Memory {
  /** Bytes. */
  readonly rss: number
  readonly heapUsed: number
}

/** What can be asked of the client; each answered, or refused with the words of its error. */
export interface Commands {
  /** Opens the database and connects. Asked first. */
  start(options: ProcessOptions): Promise<void>
  reaches(state: ConnectionState): Promise<void>
  state(): Promise<ConnectionStatus>
  opens(target: { readonly person: string } | { readonly group: string }): Promise<string>
  /** Answers with the message's number once it is stored. */
  says(conversationId: string, text: string): Promise<number>
  edits(messageId: number, text: string): Promise<void>
  recalls(messageId: number): Promise<void>
  retries(messageId: number): Promise<void>
  cancels(messageId: number): Promise<void>
  drafts(conversationId: string, text: string): Promise<void>
  marksRead(conversationId: string, upTo: number): Promise<void>
  reads(conversationId: string): Promise<readonly Message[]>
  outboxSize(): Promise<number>
  /** Of all conversations together. */
  unread(): Promise<number>
  /** Online, nothing left to send, and nothing has come for a while. */
  settles(): Promise<void>
  tryNow(): Promise<void>
  /** Faults on links, as JSON. */
  faults(): Promise<readonly string[]>
  memory(): Promise<Memory>
  /** Ends the session and closes the database; the process lives on. */
  close(): Promise<void>
}

export type CommandName = keyof Commands

export interface Call {
  readonly id: number
  readonly name: CommandName
  readonly args: readonly unknown[]
}

export type Said =
  /** First of all. */
  | { readonly type: 'hello'; readonly pid: number }
  | { readonly type: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly type: 'refusal'; readonly id: number; readonly error: string }
  /** `at`: the machine's wall clock, ms. */
  | { readonly type: 'state'; readonly at: number; readonly status: ConnectionStatus }

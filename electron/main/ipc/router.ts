/**
 * The renderer's only door into main. It checks who calls (our window, its top frame, our origin), what is called (own
 * key of the contract), whether it may be asked now, and with what (the call's schema), and answers a `Result` whatever
 * happens. A bug in a handler is logged here and becomes `internal`.
 */
import { type IpcMainInvokeEvent, type WebContents, ipcMain } from 'electron'
import * as v from 'valibot'
import type { Disposable } from '#common/base/disposable.ts'
import { type Result, fail } from '#common/base/result.ts'
import { callChannel } from '#common/contract/bridge.ts'
import { type CallInput, type CallName, type CallOutput, callSchemas } from '#common/contract/calls.ts'
import { maxAddedBytes } from '#common/domain/upload.ts'
import type { Log } from '#electron/core/ports/platform.ts'
import { isOwnUrl } from '../urls.ts'
import { isBounded } from './bounds.ts'

const mayCarryBytes: ReadonlySet<string> = new Set<CallName>(['attachment.add', 'unsent.keep'])

export type Handlers = {
  readonly [K in CallName]: (
    input: CallInput<K>,
    sender: WebContents,
  ) => Result<CallOutput<K>> | Promise<Result<CallOutput<K>>>
}

export interface RouterOptions {
  readonly handlers: Handlers
  readonly isKnown: (contents: WebContents) => boolean
  /** False: the program is locked, and this is none of what a locked page may ask. */
  readonly mayCall: (name: CallName, sender: WebContents) => boolean
  readonly log: Log
}

export function routeCalls({ handlers, isKnown, mayCall, log }: RouterOptions): Disposable {
  const trusted = ({ senderFrame, sender }: IpcMainInvokeEvent): boolean =>
    senderFrame !== null && senderFrame.parent === null && isOwnUrl(senderFrame.url) && isKnown(sender)

  const answer = async <K extends CallName>(name: K, input: unknown, sender: WebContents): Promise<Result<unknown>> => {
    const parsed = v.safeParse(callSchemas[name].input, input)
    if (!parsed.success)
      return fail('input.invalid', `${name}: ${v.getDotPath(parsed.issues[0]) ?? parsed.issues[0].kind}`)
    const answered = await handlers[name](parsed.output as CallInput<K>, sender)
    // What was asked before the program was locked is not told any more.
    return mayCall(name, sender) ? answered : fail('lock.locked')
  }

  ipcMain.handle(callChannel, async (event, name: unknown, input: unknown): Promise<Result<unknown>> => {
    if (!trusted(event)) {
      log.warn('call refused')
      return fail('ipc.refused')
    }
    if (typeof name !== 'string' || !Object.hasOwn(callSchemas, name)) return fail('ipc.unknownCall')
    if (!isBounded(input, mayCarryBytes.has(name) ? maxAddedBytes : 0)) return fail('input.invalid', 'too big')
    if (!mayCall(name as CallName, event.sender)) return fail('lock.locked')
    try {
      return await answer(name as CallName, input, event.sender)
    } catch (error) {
      log.error('call failed', { call: name, error })
      return fail('internal', name)
    }
  })
  return { dispose: () => ipcMain.removeHandler(callChannel) }
}

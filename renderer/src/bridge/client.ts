/**
 * The page's side of the bridge to main: typed calls and parsed pushes.
 *
 * Promises: what goes out is plain data made by the call's schema (a Vue proxy never reaches structured cloning); what
 * comes in is parsed against the contract before anybody sees it; a call never rejects, whatever main or the bridge
 * does. Must never: hold state, or repeat a call by itself.
 */
import * as v from 'valibot'
import type { Bridge } from '#common/contract/bridge.ts'
import { type CallInput, type CallName, type CallOutput, callSchemas } from '#common/contract/calls.ts'
import { type Push, pushSchema } from '#common/contract/pushes.ts'
import type { Disposable } from '#common/base/disposable.ts'
import { type ErrorCode, errorCodes } from '#common/base/errors.ts'
import { type Result, fail, ok } from '#common/base/result.ts'

export interface Client {
  /** Answers `input.invalid` without asking main when the input does not fit, and `internal` when the answer does not. */
  call<K extends CallName>(name: K, input: CallInput<K>): Promise<Result<CallOutput<K>>>
  /** Pushes in the order of their coming; one that does not fit the contract is left out and reported. */
  onPush(listener: (push: Push) => void): Disposable
}

export interface ClientOptions {
  readonly bridge: Bridge
  /** Told about what did not fit the contract: a bug on one of the two sides. */
  readonly onBroken: (what: string) => void
}

const knownCodes: ReadonlySet<string> = new Set(errorCodes)

const answerSchema = v.variant('ok', [
  v.object({ ok: v.literal(true), value: v.unknown() }),
  v.object({
    ok: v.literal(false),
    error: v.object({
      code: v.pipe(
        v.string(),
        v.transform((code): ErrorCode => (knownCodes.has(code) ? (code as ErrorCode) : 'internal')),
      ),
      detail: v.exactOptional(v.string()),
      data: v.exactOptional(v.record(v.string(), v.union([v.string(), v.number()]))),
    }),
  }),
])

export function createClient({ bridge, onBroken }: ClientOptions): Client {
  async function ask(name: string, input: unknown): Promise<Result<unknown>> {
    try {
      const answer = v.safeParse(answerSchema, await bridge.call(name, input))
      if (answer.success) return answer.output
      onBroken(`answer of ${name}`)
      return fail('internal', `answer of ${name} is no result`)
    } catch (error) {
      onBroken(`call of ${name}`)
      return fail('internal', String(error))
    }
  }

  return {
    async call<K extends CallName>(name: K, input: CallInput<K>): Promise<Result<CallOutput<K>>> {
      const schemas: { readonly input: v.GenericSchema; readonly output: v.GenericSchema } = callSchemas[name]
      const parsedInput = v.safeParse(schemas.input, input)
      if (!parsedInput.success) return fail('input.invalid', parsedInput.issues[0].message)
      const answer = await ask(name, parsedInput.output)
      if (!answer.ok) return answer
      const parsed = v.safeParse(schemas.output, answer.value)
      if (parsed.success) return ok(parsed.output as CallOutput<K>)
      onBroken(`answer of ${name}: ${v.getDotPath(parsed.issues[0]) ?? ''}`)
      return fail('internal', `answer of ${name} does not fit`)
    },

    onPush(listener) {
      const stop = bridge.onPush((push) => {
        const parsed = v.safeParse(pushSchema, push)
        if (parsed.success) listener(parsed.output)
        else onBroken(`push: ${v.getDotPath(parsed.issues[0]) ?? ''}`)
      })
      return { dispose: stop }
    },
  }
}

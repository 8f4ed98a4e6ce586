/**
 * What every dialect owes the core, whoever it talks to. Runs for each entry of the registry by itself; a new dialect
 * adds its server's words and nothing else.
 */
import fc from 'fast-check'
import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { errorCodes } from '#common/base/errors.ts'
import type { Profile } from '#common/domain/account.ts'
import { capabilitiesSchema } from '#common/domain/capabilities.ts'
import type { Command, QueuedCommand } from '#common/domain/commands.ts'
import type { Content } from '#common/domain/content/content.ts'
import { type ConversationRef, conversationIdOf } from '#common/domain/conversation.ts'
import type { DecodeContext, Dialect } from '#electron/core/ports/dialect.ts'
import type { Frame } from '#electron/core/ports/transport.ts'
import { anyContent } from './contents.ts'
import { eventsOf, frameOf } from './frames.ts'
import { holds } from './holds.ts'
import { mutated } from './mutation.ts'
import type { ServerWords } from './servers/words.ts'

const token = 'eyJhbGciOi.eyJzdWIiOi.c2lnbmF0dXJl'
export function describeConformance(dialect: Dialect, server: ServerWords, mutatedFrames = 20_000): void {
  const profile: Profile = {
    dialect: dialect.name,
    url: 'wss://chat.example.org/path',
    userId: 'me',
    appKey: 'ak',
    deviceId: 'd1',
  }
  const me: DecodeContext = { selfId: 'me', isGroup: (id) => id === 'g1' }
  const peer: DecodeContext = { selfId: 'u2', isGroup: (id) => id === 'g1' }
  const group: ConversationRef = { kind: 'group', groupId: 'g1' }
  const direct: ConversationRef = { kind: 'direct', peerId: 'u2' }

  function written(command: Command): Extract<ReturnType<Dialect['encode']>, { ok: true }>['value'] {
    const encoded = dialect.encode(command, profile)
    if (!encoded.ok) throw new Error(encoded.error.code)
    return encoded.value
  }

  const sending = (content: Content, conversation: ConversationRef): QueuedCommand => ({
    type: 'message.send',
    clientId: '7b0c8a52-1c7e-4d7f-9d3a-0a6f3a1b2c3d',
    conversation,
    content,
    composedAt: 1_715_000_000_000,
  })

  describe(`dialect ${dialect.name}`, () => {
    describe('decoding', () => {
      it(`never throws, changes nothing, and yields only valid facts, for ${mutatedFrames} mutated frames`, () => {
        const damaged = fc
          .nat(server.frames.length - 1)
          .map((index) => server.frames[index] as Frame)
          .chain((frame) => mutated([frame.body]).map((body) => ({ ...frame, body })))
        fc.assert(
          fc.property(damaged, (frame) => void holds(dialect, frame, me)),
          { numRuns: mutatedFrames },
        )
      })

      it('never throws for any bytes at all', () => {
        const anyFrame = fc
          .record({
            body: fc.oneof(
              fc.uint8Array({ maxLength: 200 }),
              fc.json({ maxDepth: 4 }).map((text) => Buffer.from(text)),
              fc.string({ unit: 'binary', maxLength: 100 }).map((text) => Buffer.from(text)),
            ),
            contentType: fc.constantFrom(null, 'application/json', 'application/octet-stream', 'text/plain', ''),
            destination: fc.oneof(fc.string(), fc.constantFrom('/topic/conversation/', '/topic/group/g1')),
            length: fc.nat(300),
          })
          .map(({ body, ...options }) => frameOf(body, options))
        fc.assert(
          fc.property(anyFrame, (frame) => void holds(dialect, frame, me)),
          { numRuns: 5_000 },
        )
      })

      it('understands every good frame of its server', () => {
        for (const frame of server.frames) expect(dialect.decode(frame, me)).toMatchObject({ ok: true })
      })

      it('does not build what nests too deep, is too big, or reaches for prototypes', () => {
        const deep = `{"id":"1","messageId":"1","content":${'['.repeat(10_000)}${']'.repeat(10_000)}}`
        expect(dialect.decode(frameOf(deep), me).ok).toBe(false)
        expect(dialect.decode(frameOf(Buffer.alloc(4 * 1024 * 1024 + 1, '{')), me)).toEqual({
          ok: false,
          reason: 'tooBig',
        })
        const evil = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"id":"1"}'
        dialect.decode(frameOf(evil), me)
        expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
      })
    })

    describe('round trips: what we send, as the server shows it to both sides', () => {
      it('carries every content there is, in direct and group conversations', () => {
        fc.assert(
          fc.property(anyContent, fc.boolean(), (content, inGroup) => {
            const conversation = inGroup ? group : direct
            const sent = written(sending(content, conversation))
            const expected = dialect.name === 'xuqm' && content.kind === 'text' ? withoutMentions(content) : content
            for (const context of [me, peer]) {
              const [event] = eventsOf(dialect.decode(server.echo(sent, 'me'), context))
              expect(event).toMatchObject({ type: 'message.received', senderId: 'me', state: 'sent', recalled: false })
              if (event?.type !== 'message.received') return
              expect(event.content).toEqual(expected)
              const where = inGroup ? 'group:g1' : context === me ? 'direct:u2' : 'direct:me'
              expect(conversationIdOf(event.conversation)).toBe(where)
            }
            const [echo] = eventsOf(dialect.decode(server.echo(sent, 'me'), me))
            expect(echo).toMatchObject({ clientId: '7b0c8a52-1c7e-4d7f-9d3a-0a6f3a1b2c3d' })
          }),
          { numRuns: 2_000 },
        )
      })

      it.runIf(dialect.capabilities.recall)('a recall names the message it recalls', () => {
        const sent = written({
          type: 'message.recall',
          target: { serverId: 's1' },
          reason: 'typo',
          composedAt: 1_715_000_000_000,
        })
        const events = eventsOf(dialect.decode(server.recalled(sent, 'me'), me))
        expect(events.at(-1)).toMatchObject({ type: 'message.recalled', target: { serverId: 's1' }, by: 'me' })
      })
    })

    describe('commands', () => {
      const target = { serverId: 's1', clientId: 'k1' }
      const at = 1_715_000_000_000
      const commands: Readonly<Record<string, Command>> = {
        send: sending({ kind: 'text', text: 'hi' }, direct),
        edit: { type: 'message.edit', target, text: 'new', reason: '', composedAt: at },
        recall: { type: 'message.recall', target, reason: '', composedAt: at },
        deleteForMe: { type: 'message.deleteForMe', target, composedAt: at },
        renewal: { type: 'session.renew', token, at },
        pulse: { type: 'session.pulse', at },
        sync: { type: 'session.sync' },
      }
      const said: Readonly<Record<string, boolean>> = {
        send: true,
        edit: dialect.capabilities.edit,
        recall: dialect.capabilities.recall,
        deleteForMe: dialect.capabilities.deleteForMe,
        renewal: dialect.capabilities.renewal,
        pulse: dialect.pulseMs !== null,
        sync: dialect.afterSubscribing().some(({ type }) => type === 'session.sync'),
      }

      it.each(Object.keys(commands))('%s can be written exactly when the capabilities say so', (name) => {
        const encoded = dialect.encode(commands[name] as Command, profile)
        expect(encoded.ok).toBe(said[name])
        if (!encoded.ok) expect(encoded.error.code).toBe('message.notSupported')
      })

      it('are JSON to an application destination, and say the same in every retry', () => {
        for (const [name, command] of Object.entries(commands)) {
          const encoded = dialect.encode(command, profile)
          if (!encoded.ok) continue
          expect(encoded.value.destination).toMatch(/^\/app\//)
          expect(encoded.value.headers).toEqual({ 'content-type': 'application/json' })
          expect(JSON.parse(encoded.value.body as string)).toBeTypeOf('object')
          expect(dialect.encode(command, profile)).toEqual(encoded)
          if (name !== 'renewal') expect(encoded.value.body).not.toContain(token)
        }
      })

      it('never sends contents that are not for sending', () => {
        for (const content of [
          { kind: 'event', event: 'group.created' },
          { kind: 'unsupported', label: '77', raw: '' },
        ] as const) {
          expect(dialect.encode(sending(content, group), profile)).toMatchObject({
            ok: false,
            error: { code: 'message.notSupported' },
          })
        }
      })
    })

    describe('connecting', () => {
      it('keeps the token to the address and the Authorization header', () => {
        const { url, connectHeaders, heartbeat } = dialect.link(profile, token)
        expect(new URL(url).origin + new URL(url).pathname).toBe('wss://chat.example.org/path')
        expect(connectHeaders['Authorization']).toBe(`Bearer ${token}`)
        expect(connectHeaders['host']).toBe('chat.example.org')
        const others = Object.entries(connectHeaders).filter(([name]) => name !== 'Authorization')
        expect(JSON.stringify(others)).not.toContain(token)
        expect(heartbeat.incomingMs).toBeGreaterThanOrEqual(0)
      })

      it.each(['', ' ', 'a.b.c\n', 'a.b\r.c', 'a.b\\.c', 'a.b.c\0', '\ta.b.c'])('refuses the token %j', (bad) => {
        expect(dialect.checkCredentials(profile, bad)).toMatchObject({
          ok: false,
          error: { code: 'account.tokenMalformed' },
        })
      })

      it.each(['', 'x\ny', 'x\\y'])('refuses the user id %j', (userId) => {
        expect(dialect.checkCredentials({ ...profile, userId }, token).ok).toBe(false)
      })

      it('accepts what is well formed', () => {
        expect(dialect.checkCredentials(profile, token)).toEqual({ ok: true, value: null })
      })

      it('subscribes each destination under an id of its own', () => {
        const all = [
          ...dialect.baseSubscriptions(),
          dialect.groupSubscription('g1'),
          dialect.groupSubscription('g2'),
          dialect.groupSubscription('messages'),
        ]
        expect(new Set(all.map(({ id }) => id)).size).toBe(all.length)
        expect(new Set(all.map(({ destination }) => destination)).size).toBe(all.length)
        for (const { destination } of all) expect(destination).toMatch(/^\/(user|topic)\//)
      })

      it('states its abilities as values of the contract, and paths that begin at the root', () => {
        expect(v.is(capabilitiesSchema, dialect.capabilities)).toBe(true)
        for (const path of dialect.defaultPaths) expect(path).toMatch(/^\/[^?#]*$/)
      })
    })

    it('reads any ERROR into a code of ours, without the words of the server', () => {
      fc.assert(
        fc.property(fc.string(), fc.string(), (message, body) => {
          const problem = dialect.readError({ message: `${message} canary`, body })
          expect(errorCodes).toContain(problem.code)
          expect(JSON.stringify(problem)).not.toContain('canary')
        }),
      )
    })
  })
}

function withoutMentions(content: Extract<Content, { kind: 'text' }>): Content {
  return { kind: 'text', text: content.text }
}

/** Notifications, from what a server tells to what is on the screen, and from what the user answers to rows. */
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { muteForEver } from '#common/domain/conversation.ts'
import type { ServerEvent } from '#common/domain/events.ts'
import { keyOf, subjectOf } from '#electron/core/notifications/keys.ts'
import type { NotificationAnswer } from '#electron/core/ports/notifier.ts'
import { NotifyingWorld, accountId, self } from '../../fakes/notifyingWorld.ts'

type Received = Extract<ServerEvent, { type: 'message.received' }>
type NoticeFacts = Partial<Extract<ServerEvent, { type: 'notice.received' }>['notice']>

const team = { kind: 'group', groupId: 'team' } as const
const teamId = 'group:team'
const bobId = 'direct:bob'
const chatKey = (conversationId: string): string => keyOf({ about: 'chat', accountId, conversationId })
const noticeKey = (noticeId: string): string => keyOf({ about: 'notice', accountId, noticeId })

let world: NotifyingWorld
let count = 0
beforeEach(async () => {
  world = new NotifyingWorld()
  await world.start()
})
afterEach(() => world.dispose())

/** From Bob to the user, unless told otherwise. */
function says(text: string, facts: Partial<Received> = {}): Received {
  count++
  return {
    type: 'message.received',
    conversation: { kind: 'direct', peerId: 'bob' },
    senderId: 'bob',
    serverId: `s${count}`,
    clientId: null,
    sequence: null,
    serverTime: 1_700_000_000_000 + count,
    content: { kind: 'text', text },
    state: 'sent',
    recalled: false,
    ...facts,
  }
}
const inTeam = (text: string, facts: Partial<Received> = {}): Received => says(text, { conversation: team, ...facts })
const from = (peerId: string, text: string): Received =>
  says(text, { conversation: { kind: 'direct', peerId }, senderId: peerId })

function notice(facts: NoticeFacts = {}): ServerEvent {
  return {
    type: 'notice.received',
    notice: {
      id: 'n1',
      kind: 'announcement',
      title: 'New rules',
      content: 'From Monday on.',
      priority: 'medium',
      category: null,
      expiresAt: null,
      action: null,
      data: null,
      maintenanceType: null,
      estimatedDuration: null,
      startsAt: null,
      endsAt: null,
      at: 1_700_000_000_000,
      ...facts,
    },
  }
}

function policy(facts: Partial<Extract<ServerEvent, { type: 'policy.changed' }>> = {}): ServerEvent {
  count++
  return {
    type: 'policy.changed',
    eventId: `p${count}`,
    maxMessageLength: null,
    fileUploadLimit: null,
    readOnly: null,
    changedBy: null,
    reason: null,
    at: 1_700_000_000_000 + count,
    ...facts,
  }
}

const named = (userId: string, nickname: string): ServerEvent => ({
  type: 'person.profile',
  userId,
  nickname,
  avatar: null,
})
const teamIsCalled = (title: string): ServerEvent => ({
  type: 'conversation.known',
  conversation: team,
  title,
  members: null,
})
function mute(conversationId: string, until: number): void {
  const muted = world.memory.inside.prefer(conversationId, { mutedUntil: until })
  if (muted.ok) world.publish(muted.value)
}
function read(conversationId: string): void {
  const last = world.memory.inside.unread(conversationId, 'all', 200).at(-1)
  if (last !== undefined) world.publish(world.memory.inside.markRead(conversationId, last.id))
}

describe('what is new', () => {
  it('is told with the name and the words of the sender', async () => {
    await world.comes(named('bob', 'Bob Stone'), says('lunch?'))
    expect(world.shown).toEqual(['Bob Stone | lunch?'])
    expect(world.only).toMatchObject({ sound: true, reply: 'Reply', urgency: 'normal', lasting: false })
    expect(world.only.actions.map(({ label }) => label)).toEqual(['Mark as read', 'Mute for 1 hour'])
  })

  it('is told once, though the frame comes a thousand times', async () => {
    const frame = says('again and again')
    for (let batch = 0; batch < 10; batch++) await world.comes(...Array.from({ length: 100 }, () => frame))
    expect(world.notifier.history).toHaveLength(1)
    expect(world.reasons).toEqual(['shown ordinary'])
  })

  it('is not what an edit, a pin or a status makes of an old message', async () => {
    await world.comes(says('first', { serverId: 'old' }))
    await world.start()
    await world.comes(
      {
        type: 'message.edited',
        target: { serverId: 'old' },
        text: 'other',
        by: 'bob',
        reason: null,
        at: 1,
        sequence: null,
      },
      { type: 'message.pinned', target: { serverId: 'old' }, pinned: true },
    )
    expect(world.shown).toEqual([])
  })

  it('is not what was there before the program started', async () => {
    await world.comes(says('yesterday'))
    await world.start()
    expect(world.shown).toEqual([])
    await world.comes(says('today'))
    expect(world.shown).toEqual(['bob | today'])
  })

  it('is not what the user wrote: neither here nor on another device', async () => {
    const { inside } = world.memory
    world.publish(inside.openConversation({ kind: 'direct', peerId: 'bob' }, 0))
    const sent = inside.send({
      conversationId: bobId,
      content: { kind: 'text', text: 'from here' },
      clientId: 'c1',
      at: 0,
    })
    if (sent.ok) world.publish(sent.value)
    await world.comes(says('from my phone', { senderId: self }))
    expect(world.shown).toEqual([])
    expect(world.reasons).toEqual(['withheld own'])
  })

  it('is not what is being read; the conversation that is open but hidden is told', async () => {
    world.reading = bobId
    await world.comes(says('you see this'))
    expect(world.shown).toEqual([])
    expect(world.reasons).toEqual(['withheld beingRead'])
    world.reading = null
    await world.comes(says('you do not'))
    expect(world.shown).toEqual(['bob | you do not'])
  })

  it('is not what comes as read on another device already', async () => {
    await world.comes(says('seen on the phone', { state: 'read' }))
    expect(world.shown).toEqual([])
    expect(world.reasons).toEqual(['withheld read'])
  })

  it('says who is named, and what it is where it is no text', async () => {
    await world.comes(
      teamIsCalled('Team'),
      inTeam('look', { content: { kind: 'text', text: 'look', mentions: [self] } }),
    )
    expect(world.shown).toEqual(['Team | bob mentioned you: look'])
    world.locale = 'zh-CN'
    await world.comes(says('', { content: { kind: 'image', caption: '', url: 'https://example.org/a.png' } }))
    expect(world.shown[1]).toBe('bob | [图片]')
  })

  it('comes as plain text, whatever markup it holds, cut to what can be shown', async () => {
    const markup = '<b onclick="x()">&amp;</b>'
    await world.comes(named('bob', markup), says(`${markup}\n${'x'.repeat(5000)}`))
    expect(world.only.title).toBe(markup)
    expect(world.only.body.startsWith(`${markup} xxx`)).toBe(true)
    expect([...world.only.body]).toHaveLength(200)
  })
})

describe('when change sets were lost', () => {
  it('what nobody heard of is told, once, and nothing else again', async () => {
    await world.comes(says('heard'), notice())
    await world.comesUnheard(says('unheard'), inTeam('there too'), notice({ id: 'n2', title: 'More rules' }))
    expect(world.shown).toEqual([
      'bob | 2 new messages\nheard\nunheard',
      'New rules | From Monday on.',
      'team | bob: there too',
      'More rules | From Monday on.',
    ])
    const told = world.notifier.history.length
    await world.comesUnheard()
    expect(world.notifier.history).toHaveLength(told)
  })

  it('what administrators changed is told, once, with what else they changed meanwhile', async () => {
    await world.comes(policy({ maxMessageLength: 900, reason: 'before' }))
    const shownBefore = world.notifier.history.length
    await world.comesUnheard(policy({ maxMessageLength: 100 }), policy({ readOnly: true, reason: 'audit' }))
    await world.comesUnheard()
    await world.comes(says('hello'))
    const kinds = world.noted.slice(1).map(({ kind }) => kind)
    expect(kinds).toEqual(['policy', 'permission', 'message'])
    expect(world.notifier.history.slice(shownBefore)).toHaveLength(3)
  })

  it('what administrators had changed before the program started is not told again', async () => {
    await world.comes(policy({ readOnly: true }))
    await world.start()
    await world.comesUnheard(says('hello'))
    expect(world.noted.slice(1).map(({ kind }) => kind)).toEqual(['message'])
  })
})

describe('one notification per conversation', () => {
  it('a newer message joins those that wait, and takes the place of their notification', async () => {
    await world.comes(teamIsCalled('Team'), inTeam('one'))
    await world.comes(inTeam('two', { senderId: 'carol' }))
    await world.comes(says('elsewhere'))
    await world.comes(inTeam('three'))
    expect(world.shown).toEqual(['Team | 3 new messages\nbob: one\ncarol: two\nbob: three', 'bob | elsewhere'])
  })

  it('quotes the last four of many', async () => {
    await world.comes(...Array.from({ length: 30 }, (_, i) => says(`line ${i + 1}`)))
    expect(world.shown).toEqual(['bob | 30 new messages\nline 27\nline 28\nline 29\nline 30'])
    expect(world.notifier.history).toHaveLength(1)
  })

  it('goes away when the conversation is read, and what comes then stands alone', async () => {
    await world.comes(says('one'), says('two'))
    read(bobId)
    await world.settled()
    expect(world.shown).toEqual([])
    await world.comes(says('three'))
    expect(world.shown).toEqual(['bob | three'])
  })

  it('goes away when it is read on another device', async () => {
    const message = says('one')
    await world.comes(message)
    await world.comes({
      type: 'message.status',
      target: { serverId: message.serverId ?? '' },
      state: 'read',
      reason: null,
    })
    expect(world.shown).toEqual([])
  })

  it('goes away when the user answers from another device', async () => {
    await world.comes(says('are you there?'))
    await world.comes(says('yes', { senderId: self }))
    expect(world.shown).toEqual([])
  })

  it('loses what was recalled, without a sound, and goes away with the last', async () => {
    const [first, second] = [says('one'), says('a secret')]
    await world.comes(first, second)
    const recall = (serverId: string | null): ServerEvent => ({
      type: 'message.recalled',
      target: { serverId: serverId ?? '' },
      by: 'bob',
      reason: null,
      at: 1,
    })
    await world.comes(recall(second.serverId))
    expect(world.shown).toEqual(['bob | one'])
    expect(world.only.sound).toBe(false)
    await world.comes(recall(first.serverId))
    expect(world.shown).toEqual([])
  })

  it('goes away when the conversation is deleted, and when the account signs out', async () => {
    await world.comes(says('one'), inTeam('two'))
    const deleted = world.memory.inside.deleteConversation(bobId)
    if (deleted.ok) world.publish(deleted.value)
    await world.settled()
    expect(world.shown).toEqual(['team | bob: two'])
    await world.comes(notice())
    await world.signsOut()
    expect(world.shown).toEqual([])
  })

  it('a message recalled before it could be told is not told', async () => {
    const secret = says('never mind')
    await world.comes(secret, {
      type: 'message.recalled',
      target: { serverId: secret.serverId ?? '' },
      by: 'bob',
      reason: null,
      at: 1,
    })
    expect(world.shown).toEqual([])
    expect(world.reasons).toEqual(['withheld recalled'])
  })
})

describe('muted conversations', () => {
  it('are silent until the end of the mute, but for who names the user', async () => {
    await world.comes(inTeam('before'))
    read(teamId)
    mute(teamId, world.clock.now() + 60_000)
    await world.comes(inTeam('psst'))
    expect(world.shown).toEqual([])
    expect(world.noted.at(-1)).toMatchObject({ reason: 'muted', until: world.clock.now() + 60_000 })
    await world.comes(inTeam('you!', { content: { kind: 'text', text: 'you!', mentions: [self] } }))
    expect(world.reasons.at(-1)).toBe('shown named')
    await world.clock.pass(60_000)
    await world.comes(inTeam('loud again'))
    expect(world.reasons.at(-1)).toBe('shown ordinary')
  })

  it('take back what they told when they are muted, and do not tell it again', async () => {
    await world.comes(says('noise'))
    mute(bobId, muteForEver)
    await world.settled()
    expect(world.shown).toEqual([])
    await world.comes(says('you!', { content: { kind: 'text', text: 'you!', mentions: [self] } }))
    expect(world.shown).toEqual(['bob | you!'])
  })

  it('never swallow a message of another: there is no throttle', async () => {
    await world.comes(inTeam('before'))
    read(teamId)
    mute(teamId, muteForEver)
    await world.settled()
    await world.comes(inTeam('muted'), says('heard'), inTeam('muted'), from('carol', 'heard too'))
    expect(world.shown).toEqual(['bob | heard', 'carol | heard too'])
    await world.comes(inTeam('muted'))
    await world.comes(says('at the same moment'))
    expect(world.shown[0]).toBe('bob | 2 new messages\nheard\nat the same moment')
  })

  it('change nothing about another, in whatever order messages come', async () => {
    const senders = ['quiet', 'bob', 'carol']
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(fc.constantFrom(...senders), { minLength: 1, maxLength: 5 }), { maxLength: 6 }),
        async (batches) => {
          const shownOf = async (wanted: (sender: string) => boolean): Promise<string[]> => {
            const own = new NotifyingWorld()
            try {
              await own.start()
              own.publish(own.memory.inside.openConversation({ kind: 'direct', peerId: 'quiet' }, 0))
              const muted = own.memory.inside.prefer('direct:quiet', { mutedUntil: muteForEver })
              if (muted.ok) own.publish(muted.value)
              for (const [i, batch] of batches.entries()) {
                const events = batch.map((sender, j) => ({ ...from(sender, `${i}.${j}`), serverId: `${i}.${j}` }))
                await own.comes(...events.filter(({ senderId }) => wanted(senderId)))
              }
              return own.notifier.history.map(({ title, body, sound }) => `${title} ${body} ${sound}`)
            } finally {
              own.dispose()
            }
          }
          expect(await shownOf(() => true)).toEqual(await shownOf((sender) => sender !== 'quiet'))
        },
      ),
      { numRuns: 25 },
    )
  })
})

describe('after an absence', () => {
  const chats = (many: number): ServerEvent[] =>
    Array.from({ length: many }, (_, i) => [from(`p${i}`, 'one'), from(`p${i}`, 'two')]).flat()

  it('few conversations are told one by one, once the sync is done', async () => {
    await world.is('syncing')
    await world.comes(...chats(3))
    expect(world.shown).toEqual([])
    await world.is('online')
    expect(world.shown).toEqual([
      'p0 | 2 new messages\none\ntwo',
      'p1 | 2 new messages\none\ntwo',
      'p2 | 2 new messages\none\ntwo',
    ])
    expect(world.notifier.history).toHaveLength(3)
  })

  it('many are told in one, which goes away when all of them are read', async () => {
    await world.is('syncing')
    for (const event of chats(5)) await world.comes(event)
    await world.is('online')
    expect(world.shown).toEqual(['10 new messages | In 5 chats\np0, p1, p2 and 2 more'])
    expect(new Set(world.reasons)).toEqual(new Set(['shown summary']))
    for (let i = 0; i < 5; i++) {
      expect(world.shown).toHaveLength(1)
      read(`direct:p${i}`)
      await world.settled()
    }
    expect(world.shown).toEqual([])
  })

  it('what was read or recalled meanwhile is not told, nor what is being read', async () => {
    await world.is('syncing')
    const recalled = from('carol', 'a secret')
    await world.comes(says('read soon'), recalled, from('dan', 'on the screen'))
    read(bobId)
    await world.comes({
      type: 'message.recalled',
      target: { serverId: recalled.serverId ?? '' },
      by: 'carol',
      reason: null,
      at: 1,
    })
    world.reading = 'direct:dan'
    await world.is('online')
    expect(world.shown).toEqual([])
    expect(world.reasons.sort()).toEqual(['withheld beingRead', 'withheld read', 'withheld recalled'])
  })

  it('is told as well when the link is lost before the sync is done', async () => {
    await world.is('syncing')
    await world.comes(says('one'))
    await world.is('offline')
    expect(world.shown).toEqual(['bob | one'])
  })
})

describe('announcements', () => {
  it('are told once, again when they say something else, and go away when they are read', async () => {
    await world.comes(notice())
    expect(world.shown).toEqual(['New rules | From Monday on.'])
    expect(world.only).toMatchObject({ sound: false, lasting: false, reply: null, actions: [] })
    await world.comes(notice({ at: 1_700_000_000_500 }))
    expect(world.notifier.history).toHaveLength(1)
    await world.comes(notice({ at: 1_700_000_001_000, content: 'From Tuesday on.' }))
    expect(world.shown).toEqual(['New rules | From Tuesday on.'])
    world.publish(world.memory.inside.markNoticesRead(['n1'], 1))
    await world.settled()
    expect(world.shown).toEqual([])
  })

  it('that must be acknowledged stay when they are read, and come back after a start until they are', async () => {
    await world.comes(notice({ kind: 'alert', priority: 'urgent', title: 'Sign-in from a new place' }))
    expect(world.only).toMatchObject({ lasting: true, urgency: 'critical' })
    world.publish(world.memory.inside.markNoticesRead(['n1'], 1))
    await world.settled()
    expect(world.shown).toHaveLength(1)
    await world.start()
    expect(world.shown).toEqual(['Sign-in from a new place | From Monday on.'])
    expect(world.reasons.at(-1)).toBe('shown unacknowledged')
    await world.answers({ key: noticeKey('n1'), kind: 'action', id: 'acknowledge' })
    expect(world.memory.inside.snapshot().notices[0]?.acknowledgedAt).toBe(world.clock.now())
    await world.start()
    expect(world.shown).toEqual([])
  })

  it('go away when they are acknowledged in the window', async () => {
    await world.comes(notice({ priority: 'high' }))
    world.publish(world.memory.inside.acknowledgeNotice('n1', 1))
    await world.settled()
    expect(world.shown).toEqual([])
  })

  it('that do not ask for it do not come back, nor do those that are over', async () => {
    await world.comes(
      notice({ id: 'a' }),
      notice({ id: 'b', priority: 'high', expiresAt: world.clock.now() + 1000 }),
      notice({ id: 'c', kind: 'promotion', priority: 'urgent' }),
    )
    expect(world.reasons).toEqual(['shown ordinary', 'shown ordinary', 'withheld promotion'])
    await world.clock.pass(2000)
    await world.start()
    expect(world.shown).toEqual([])
    expect(world.noted).toHaveLength(3)
  })
})

describe('what administrators do', () => {
  it('limits and the right to write are told, with who and why', async () => {
    await world.comes(named('root', 'Ruth'))
    await world.comes(policy({ maxMessageLength: 500, changedBy: 'root', reason: 'too long' }))
    expect(world.shown).toEqual(['Your limits have changed | Messages: up to 500 characters\nRuth: too long'])
    await world.comes(policy({ readOnly: true, changedBy: 'root' }))
    expect(world.shown).toEqual(['You can read, but not write | By Ruth'])
    await world.comes(policy({ readOnly: false }))
    expect(world.shown).toEqual(['You can write again'])
    expect(world.noted.map(({ kind, channel }) => `${channel} ${kind}`)).toEqual([
      'admin policy',
      'admin permission',
      'admin permission',
    ])
  })

  it('what leaves everything as it was is not told: the server repeats itself at sign-in', async () => {
    await world.comes(policy({ maxMessageLength: 500 }))
    await world.start()
    await world.comes(policy({ maxMessageLength: 500 }))
    expect(world.shown).toEqual([])
  })

  it('what the server says again is not told anew, whatever it says was in force before', async () => {
    await world.comes(policy({ readOnly: true }), policy({ readOnly: false }))
    const told = world.noted.length
    await world.start()
    await world.comes(
      policy({ readOnly: false, before: { maxMessageLength: null, fileUploadLimit: null, readOnly: true } }),
    )
    expect(world.noted).toHaveLength(told)
  })

  it('joining, removal and dissolving of a group are told to whom they concern', async () => {
    const membership = (facts: {
      change: 'joined' | 'removed' | 'role'
      userId?: string
      role?: string
    }): ServerEvent => ({
      type: 'conversation.membership',
      eventId: `m${++count}`,
      conversation: team,
      userId: self,
      role: null,
      by: 'carol',
      at: 1_700_000_000_000 + count * 60_000,
      ...facts,
    })
    await world.comes(teamIsCalled('Team'), membership({ change: 'joined', userId: 'bob' }))
    expect(world.shown).toEqual([])
    await world.comes(membership({ change: 'joined' }))
    expect(world.shown).toEqual(['Team | carol added you'])
    await world.comes(membership({ change: 'role', role: 'admin' }))
    expect(world.shown).toEqual(['Team | carol changed your role: administrator'])
    await world.comes(membership({ change: 'removed' }))
    expect(world.shown).toEqual(['Team | carol removed you from the group'])
    expect(new Set(world.noted.map(({ kind }) => kind))).toEqual(new Set(['membership']))
  })

  it('a kick is told with the words of the server, and forgotten when the user is back', async () => {
    await world.is('kicked', { words: 'Signed in elsewhere', endedBy: 'root' })
    await world.is('kicked', { words: 'Signed in elsewhere', endedBy: 'root' })
    expect(world.shown).toEqual(['Your session was ended by root | Signed in elsewhere'])
    expect(world.notifier.history).toHaveLength(1)
    await world.is('connecting')
    expect(world.shown).toEqual([])
  })
})

describe('how much is shown', () => {
  it('only who wrote', async () => {
    world.settings = { ...world.settings, notifyChatPrivacy: 'sender', notifySystemPrivacy: 'sender' }
    await world.comes(teamIsCalled('Team'), says('secret'), inTeam('secret'), notice({ content: 'secret' }))
    expect(world.shown).toEqual(['bob | New message', 'Team | New message from bob', 'New rules'])
  })

  it('nothing, and then nothing can be answered', async () => {
    world.settings = { ...world.settings, notifyChatPrivacy: 'nothing' }
    await world.comes(says('secret'), says('more'))
    expect(world.shown).toEqual(['Godwit | 2 new messages'])
    expect(world.only).toMatchObject({ actions: [], reply: null })
  })

  it('nothing of anything while the program is locked or presented', async () => {
    world.concealed = true
    await world.comes(says('secret'), notice({ priority: 'urgent' }), policy({ readOnly: true, reason: 'secret' }))
    expect(world.shown).toEqual([
      'Godwit | New message',
      'Godwit | Something was announced',
      'Godwit | An administrator changed what you may do',
    ])
    for (const { actions } of world.notifier.screen.values()) expect(actions).toEqual([])
  })

  it('takes down what is on the screen when others begin to see it; what comes then says nothing', async () => {
    await world.comes(says('secret'), notice({ priority: 'urgent' }))
    world.conceal()
    expect(world.shown).toEqual([])
    await world.comes(says('another'))
    expect(world.shown).toEqual(['Godwit | New message'])
  })

  it('in Chinese', async () => {
    world.locale = 'zh-CN'
    await world.comes(says('早'), says('在吗？'), policy({ maxMessageLength: 500, changedBy: 'root', reason: '太长' }))
    expect(world.shown).toEqual([
      'bob | 2 条新消息\n早\n在吗？',
      '您的使用限制已变更 | 消息：最多 500 个字符\nroot：太长',
    ])
  })
})

describe('what the user answers', () => {
  it('a click leads to the very message; of several, to the first of them', async () => {
    await world.comes(says('one'), says('two'))
    const [first] = world.memory.inside.unread(bobId, 'all', 10)
    await world.answers({ key: chatKey(bobId), kind: 'open' })
    expect(world.places).toEqual([
      { accountId, place: { kind: 'conversation', conversationId: bobId, messageId: first?.id } },
    ])
  })

  it('a click on one of before the restart leads to the conversation', async () => {
    await world.comes(says('one'))
    await world.start()
    await world.answers({ key: chatKey(bobId), kind: 'open' })
    expect(world.places).toEqual([
      { accountId, place: { kind: 'conversation', conversationId: bobId, messageId: null } },
    ])
  })

  it.each([
    [keyOf({ about: 'notice', accountId, noticeId: 'n/1 ä' }), { kind: 'notice', noticeId: 'n/1 ä' }],
    [keyOf({ about: 'summary', accountId }), { kind: 'catchUp' }],
    [keyOf({ about: 'silence', accountId }), { kind: 'catchUp' }],
    [keyOf({ about: 'policy', accountId }), { kind: 'changes' }],
    [keyOf({ about: 'session', accountId }), { kind: 'account' }],
    [
      keyOf({ about: 'group', accountId, conversationId: teamId }),
      { kind: 'conversation', conversationId: teamId, messageId: null },
    ],
  ])('a click on %s leads there', async (key, place) => {
    await world.answers({ key, kind: 'open' })
    expect(world.places).toEqual([{ accountId, place }])
  })

  it('a reply is sent as the composer sends, and what was told is read', async () => {
    await world.comes(says('lunch?'))
    await world.answers({ key: chatKey(bobId), kind: 'reply', text: 'at noon' })
    const [entry] = world.memory.inside.outboxHeads([], 10)
    expect(entry?.command).toMatchObject({ type: 'message.send', content: { kind: 'text', text: 'at noon' } })
    expect(world.nudges).toBe(1)
    expect(world.memory.inside.unread(bobId, 'all', 10)).toEqual([])
    expect(world.places).toEqual([])
  })

  it('a reply that may not be sent waits in the composer', async () => {
    await world.comes(says('lunch?'), policy({ maxMessageLength: 3 }))
    world.publish(world.memory.inside.setDraft(bobId, 'well'))
    await world.answers({ key: chatKey(bobId), kind: 'reply', text: 'at noon' })
    expect(world.memory.inside.snapshot().conversations[0]?.draft).toBe('well\nat noon')
    expect(world.places).toHaveLength(1)
    expect(world.memory.inside.unread(bobId, 'all', 10)).toHaveLength(1)
  })

  it.each<NotificationAnswer>([
    { key: chatKey(bobId), kind: 'reply', text: 'at noon' },
    { key: chatKey(bobId), kind: 'action', id: 'markRead' },
    { key: chatKey(bobId), kind: 'action', id: 'muteHour' },
  ])('changes nothing while the program is locked, and leads to the window: %o', async (answer) => {
    await world.comes(says('lunch?'))
    world.locked = true
    await world.answers(answer)
    expect(world.memory.inside.outboxHeads([], 10)).toEqual([])
    expect(world.memory.inside.unread(bobId, 'all', 10)).toHaveLength(1)
    expect(world.memory.inside.snapshot().conversations[0]?.preferences.mutedUntil).toBe(null)
    expect(world.places).toHaveLength(1)
  })

  it('marks as read what it told of and what came before, also after a restart', async () => {
    await world.comes(says('one'))
    await world.start()
    await world.comes(says('two'))
    await world.answers({ key: chatKey(bobId), kind: 'action', id: 'markRead' })
    expect(world.memory.inside.unread(bobId, 'all', 10)).toEqual([])
    await world.comes(says('three'))
    await world.start()
    await world.answers({ key: chatKey(bobId), kind: 'action', id: 'markRead' })
    expect(world.memory.inside.unread(bobId, 'all', 10)).toEqual([])
  })

  it('mutes for an hour', async () => {
    await world.comes(says('one'))
    await world.answers({ key: chatKey(bobId), kind: 'action', id: 'muteHour' })
    const [row] = world.memory.inside.snapshot().conversations
    expect(row?.preferences.mutedUntil).toBe(world.clock.now() + 3_600_000)
    await world.comes(says('two'))
    expect(world.reasons.at(-1)).toBe('withheld muted')
  })

  it.each([
    '',
    'chat',
    'chat/account-1',
    'chat//x',
    'notice/account-1/',
    'summary/account-1/x',
    'x/account-1',
    '%/%',
    'chat/a/b/c',
  ])('a key that is none of ours means nothing: %j', async (key) => {
    expect(subjectOf(key)).toBeNull()
    await world.answers({ key, kind: 'open' })
    expect(world.places).toEqual([])
  })

  it('what a key is made of comes out of it again', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1 }),
        fc.string({ unit: 'grapheme', minLength: 1 }),
        (a, b) => {
          const subject = { about: 'chat', accountId: a, conversationId: b } as const
          expect(subjectOf(keyOf(subject))).toEqual(subject)
        },
      ),
    )
  })
})

describe('a system that shows nothing', () => {
  it('is named as the reason, and tried all the same', async () => {
    world.notifier.trouble = 'no daemon'
    await world.comes(says('one'))
    expect(world.reasons).toEqual(['withheld unavailable'])
    expect(world.notifier.history).toHaveLength(1)
  })

  it('is tried with the sound that the channel has: it may show it after all', async () => {
    world.notifier.trouble = 'the daemon went away'
    world.settings = { ...world.settings, notifySystemSound: true }
    await world.comes(says('one'), notice({ kind: 'alert', priority: 'urgent' }))
    world.settings = { ...world.settings, notifySystemSound: false }
    await world.comes(notice({ id: 'n2', kind: 'alert', priority: 'urgent' }))
    expect(world.notifier.history.map(({ key, sound }) => [key, sound])).toEqual([
      [chatKey(bobId), true],
      [noticeKey('n1'), true],
      [noticeKey('n2'), false],
    ])
    expect(world.noted.map(({ sound }) => sound)).toEqual([false, false, false])
  })

  it('is silent in focus mode, but for what matters most', async () => {
    world.notifier.isFocused = true
    await world.comes(says('one'), policy({ readOnly: true }))
    expect(world.reasons).toEqual(['withheld focusMode', 'shown bypass'])
  })
})

describe('while notifications are turned off', () => {
  const hour = 3_600_000
  const inAnHour = (): number => world.clock.now() + hour
  const whileOff = 'While notifications were off'

  it('nothing is told; at their end all that came is told in one, and nothing again', async () => {
    await world.doNotDisturb(inAnHour())
    await world.comes(from('p0', 'one'), from('p0', 'two'))
    await world.comes(from('p1', 'three'), inTeam('four'))
    await world.later(hour - 60_000)
    expect(world.notifier.history).toEqual([])
    expect(world.reasons).toEqual(Array<string>(4).fill('withheld doNotDisturb'))
    await world.later(120_000)
    expect(world.shown).toEqual([`${whileOff} | 4 messages in 3 chats\np0, p1, team`])
    expect(world.reasons.slice(4)).toEqual(Array<string>(4).fill('shown summary'))
    await world.later(hour)
    expect(world.notifier.history).toHaveLength(1)
    await world.comes(from('p1', 'loud again'))
    expect(world.shown).toContain('p1 | loud again')
  })

  it('turned on again by hand, it is told at once', async () => {
    await world.doNotDisturb(muteForEver)
    await world.comes(says('one'))
    await world.later(100 * hour)
    expect(world.shown).toEqual([])
    await world.doNotDisturb(null)
    expect(world.shown).toEqual([`${whileOff} | 1 message in one chat\nbob`])
  })

  it('it leads to the catch-up', async () => {
    await world.doNotDisturb(inAnHour())
    await world.comes(says('one'))
    await world.later(2 * hour)
    await world.answers({ key: world.only.key, kind: 'open' })
    expect(world.places).toEqual([{ accountId, place: { kind: 'catchUp' } }])
  })

  it.each(['open', 'closed'] as const)(
    'what was answered (%s) is not counted at the end of the next silence',
    async (kind) => {
      await world.doNotDisturb(inAnHour())
      await world.comes(from('p0', 'one'))
      await world.later(2 * hour)
      await world.answers({ key: world.only.key, kind })
      await world.doNotDisturb(inAnHour())
      await world.comes(from('p1', 'two'))
      await world.later(2 * hour)
      expect(world.shown).toEqual([`${whileOff} | 1 message in one chat\np1`])
    },
  )

  it('what was read, recalled or muted meanwhile is not counted', async () => {
    const secret = from('carol', 'a secret')
    await world.doNotDisturb(inAnHour())
    await world.comes(says('read soon'), secret, from('dan', 'muted soon'), from('eve', 'stays'))
    read(bobId)
    mute('direct:dan', muteForEver)
    const target = { serverId: secret.serverId ?? '' }
    await world.comes({ type: 'message.recalled', target, by: 'carol', reason: null, at: 1 })
    await world.later(2 * hour)
    expect(world.shown).toEqual([`${whileOff} | 1 message in one chat\neve`])
  })

  it('when everything was read meanwhile nothing is told', async () => {
    await world.doNotDisturb(inAnHour())
    await world.comes(says('one'), notice())
    read(bobId)
    world.publish(world.memory.inside.markNoticesRead(['n1'], world.clock.now()))
    await world.later(2 * hour)
    expect(world.notifier.history).toEqual([])
  })

  it('announcements are counted beside the messages, or alone', async () => {
    await world.doNotDisturb(inAnHour())
    await world.comes(notice(), notice({ id: 'n2' }))
    await world.later(2 * hour)
    expect(world.shown).toEqual([`${whileOff} | 2 announcements`])
    await world.doNotDisturb(inAnHour())
    await world.comes(notice({ id: 'n3' }), says('one'))
    await world.later(2 * hour)
    expect(world.shown).toEqual([`${whileOff} | 1 message in one chat, 3 announcements\nbob`])
  })

  it('it goes away when all that it counts is read', async () => {
    await world.doNotDisturb(inAnHour())
    await world.comes(from('p0', 'one'), from('p1', 'two'), notice())
    await world.later(2 * hour)
    read('direct:p0')
    read('direct:p1')
    await world.settled()
    expect(world.shown).toHaveLength(1)
    world.publish(world.memory.inside.markNoticesRead(['n1'], world.clock.now()))
    await world.settled()
    expect(world.shown).toEqual([])
  })

  it.each([
    ['sender', `${whileOff} | 2 messages in 2 chats\np0, p1`],
    ['nothing', 'Godwit | 2 new messages'],
  ] as const)('it shows no more than chats may: %s', async (notifyChatPrivacy, told) => {
    world.settings = { ...world.settings, notifyChatPrivacy }
    await world.doNotDisturb(inAnHour())
    await world.comes(from('p0', 'one'), from('p1', 'two'))
    await world.later(2 * hour)
    expect(world.shown).toEqual([told])
  })

  it('it names nobody while others see the screen, and goes away when they begin to', async () => {
    await world.doNotDisturb(inAnHour())
    await world.comes(from('p0', 'one'))
    await world.later(2 * hour)
    world.conceal()
    expect(world.shown).toEqual([])
    await world.doNotDisturb(inAnHour())
    await world.comes(from('p1', 'two'))
    await world.later(2 * hour)
    expect(world.shown).toEqual(['Godwit | New message'])
  })

  it('quiet hours that follow are waited for, and count as well', async () => {
    const startOfHour = new Date(world.clock.now())
    const from24 = (startOfHour.getHours() * 60 + startOfHour.getMinutes()) % 1440
    await world.doNotDisturb(inAnHour())
    world.settings = {
      ...world.settings,
      notifyChatQuiet: true,
      notifyChatQuietFrom: from24,
      notifyChatQuietTo: (from24 + 180) % 1440,
    }
    await world.comes(from('p0', 'one'))
    await world.later(2 * hour)
    await world.comes(from('p1', 'two'))
    expect(world.notifier.history).toEqual([])
    await world.later(2 * hour)
    expect(world.shown).toEqual([`${whileOff} | 2 messages in 2 chats\np0, p1`])
  })

  it('it waits for the silence that the system asks for', async () => {
    await world.doNotDisturb(inAnHour())
    await world.comes(says('one'))
    world.notifier.isFocused = true
    await world.later(2 * hour)
    expect(world.notifier.history).toEqual([])
    world.notifier.isFocused = false
    await world.later(60_000)
    expect(world.shown).toEqual([`${whileOff} | 1 message in one chat\nbob`])
  })

  it('a restart forgets nothing of it', async () => {
    await world.comes(from('loud', 'before'))
    await world.doNotDisturb(inAnHour())
    await world.comes(says('one'), from('p1', 'two'))
    await world.start()
    read('direct:p1')
    await world.comes(from('p2', 'three'))
    expect(world.notifier.history).toEqual([])
    await world.later(2 * hour)
    expect(world.shown).toEqual([`${whileOff} | 2 messages in 2 chats\nbob, p2`])
    await world.start()
    await world.later(hour)
    expect(world.notifier.history).toEqual([])
  })

  it('in Chinese', async () => {
    world.locale = 'zh-CN'
    await world.doNotDisturb(inAnHour())
    await world.comes(from('p0', '一'), from('p0', '二'), notice())
    await world.later(2 * hour)
    expect(world.shown).toEqual(['通知关闭期间 | 1 个聊天中有 2 条消息，1 条公告\np0'])
  })

  it('what matters most is told all the same', async () => {
    await world.doNotDisturb(inAnHour())
    await world.comes(notice({ kind: 'alert', priority: 'urgent' }), policy({ readOnly: true }))
    expect(world.reasons).toEqual(['shown bypass', 'shown bypass'])
    await world.later(2 * hour)
    expect(world.notifier.history).toHaveLength(2)
  })
})

/** Worlds to look at: an ordinary day in both languages, and the edges where a layout breaks. */
import { settingsFrom } from '#common/contract/settings.ts'
import type { Content } from '#common/domain/content/content.ts'
import type { Conversation } from '#common/domain/conversation.ts'
import type { Message } from '#common/domain/message.ts'
import type { FakeWorld } from '../fakes/fakeBridge.ts'
import { createWorld } from '../fakes/fakeBridge.ts'
import {
  account,
  accountId,
  conversation,
  decision,
  message,
  notice,
  online,
  person,
  policy,
  selfId,
  snapshot,
} from '../fakes/rows.ts'

export const scenes = [
  'signIn',
  'signInAgain',
  'empty',
  'chat',
  'direct',
  'offline',
  'holesAsked',
  'kicked',
  'readOnly',
  'edge',
  'crowd',
] as const
export type Scene = (typeof scenes)[number]

export function isScene(name: string): name is Scene {
  return scenes.some((scene) => scene === name)
}

type Locale = 'zh-CN' | 'en'

/** Chats in the scene of that name. */
export const crowd = 10_000
const minute = 60_000
const day = 86_400_000

const zhNames: Readonly<Record<string, string>> = {
  alice: '林晓雨',
  bob: '王志远',
  chen: '陈思琪',
  zhao: '赵一鸣',
  mei: '欧阳若梅',
}
const enNames: Readonly<Record<string, string>> = {
  alice: 'Alice Rowan',
  bob: 'Robert Lindqvist',
  chen: 'Siqi Chen',
  zhao: 'Emily Zhao',
  mei: 'Maya Ouyang',
}

const zhTalk: readonly (readonly [string, string])[] = [
  ['chen', '各位早，今天下午三点的评审改到四点，会议室换成 5 楼「听涛」。'],
  ['chen', '材料我已经放到共享盘了，麻烦大家提前看一下第三部分的预算表。'],
  ['alice', '收到，我把最新的数据补进去。'],
  ['zhao', '预算表里差旅那一行好像重复算了一次，我下午核对一下。'],
  ['zhao', '核对完会更新到 https://docs.example.org/budget/2026 ，大家以那里的版本为准。'],
  ['bob', '听涛的投影上周坏了，报修了吗？'],
  ['chen', '昨天已经修好了，我刚试过，声音也正常。'],
  [
    'alice',
    '那我提前十分钟过去接电脑。另外供应商那边回复了：\n1. 交期可以提前到 12 月 8 日\n2. 价格维持不变\n3. 需要本周五之前确认',
  ],
  ['bob', '太好了，周五之前我来签字。'],
  ['mei', '我在高铁上，信号断断续续，晚一点线上接入。'],
]
const enTalk: readonly (readonly [string, string])[] = [
  [
    'chen',
    'Morning all. The review moves from three to four o’clock, and we are in “Listening to the Tide” on the fifth floor.',
  ],
  ['chen', 'The material is on the shared drive. Please read part three, the budget table, before we meet.'],
  ['alice', 'Got it. I’ll add the latest numbers.'],
  ['zhao', 'The travel line seems to be counted twice. I’ll check it this afternoon.'],
  ['zhao', 'The corrected one will be at https://docs.example.org/budget/2026, please use that version.'],
  ['bob', 'The projector up there was broken last week. Has anybody reported it?'],
  ['chen', 'It was repaired yesterday. I just tried it, the sound is fine too.'],
  [
    'alice',
    'Then I’ll be there ten minutes early to set up. And the supplier answered:\n1. Delivery can be as early as 8 December\n2. The price stays\n3. They need our word by Friday',
  ],
  ['bob', 'Great. I’ll sign before Friday.'],
  ['mei', 'I’m on the train and the signal comes and goes. I’ll join online a little later.'],
]

function texts(locale: Locale) {
  const zh = locale === 'zh-CN'
  return {
    names: zh ? zhNames : enNames,
    talk: zh ? zhTalk : enTalk,
    team: zh ? '滨海项目组' : 'Seafront project',
    lunch: zh ? '午饭去哪儿' : 'Where to have lunch',
    answer: zh ? '可以，那就四点见。' : 'Fine, see you at four then.',
    quoted: zh ? '投影修好了就行，辛苦！' : 'Good to hear about the projector, thank you!',
    draft: zh ? '关于周五的安排，我想' : 'About Friday, I would',
    failed: zh ? '签字的文件我发你邮箱了，请查收。' : 'I’ve mailed you the papers to sign.',
    sending: zh ? '刚到会议室，一切正常。' : 'Just arrived at the room, everything works.',
    edited: zh ? '交期我再确认一次：12 月 8 日。' : 'To confirm once more: delivery on 8 December.',
    caption: zh ? '会议室现在的样子' : 'The room as it looks now',
    file: zh ? '2026 年度预算（第三版，含差旅修订）.xlsx' : 'Budget 2026 (third version, travel corrected).xlsx',
    place: zh ? '滨海大厦 A 座' : 'Seafront Tower A',
    address: zh ? '青岛市市南区东海西路 37 号' : '37 Donghai West Road, Qingdao',
    notice: zh ? '今晚 22:00 服务器维护' : 'Server maintenance tonight at 22:00',
    noticeText: zh
      ? '维护期间消息会暂存在本机，恢复后自动发出，无需重复发送。预计 40 分钟完成。'
      : 'Messages are kept on your computer meanwhile and go out by themselves afterwards. We expect it to take 40 minutes.',
    welcome: zh ? '欢迎新同事赵一鸣' : 'Welcome to our new colleague Emily Zhao',
    alert: zh ? '检测到异地登录' : 'Sign-in from a new place',
    by: zh ? '周末值班期间只开放只读' : 'read-only during the weekend shift',
  }
}

function talk(locale: Locale, now: number): Message[] {
  const t = texts(locale)
  const rows: Message[] = []
  const start = now - day - 95 * minute
  const add = (senderId: string, content: Content, at: number, facts: Partial<Message> = {}): void => {
    const id = rows.length + 101
    rows.push(
      message({
        id,
        conversationId: 'group:seafront',
        senderId,
        outgoing: senderId === selfId,
        content,
        serverTime: at,
        localTime: at,
        state: senderId === selfId ? 'read' : 'delivered',
        ...facts,
      }),
    )
  }
  for (let round = 0; round < 14; round++) {
    t.talk.forEach(([sender, text], index) =>
      add(sender, { kind: 'text', text }, start - (14 - round) * 7 * 60 * minute + index * 4 * minute),
    )
  }
  add('chen', { kind: 'event', event: 'member.joined', userId: 'zhao', by: 'chen' }, now - 70 * minute)
  t.talk.forEach(([sender, text], index) => add(sender, { kind: 'text', text }, now - (60 - index * 3) * minute))
  const quotedId = rows.at(-4)?.serverId ?? ''
  add(
    'alice',
    { kind: 'quote', text: t.quoted, quotedId, quotedText: t.talk[6]?.[1] ?? '', quotedSenderId: 'chen' },
    now - 26 * minute,
  )
  add('alice', { kind: 'text', text: t.edited }, now - 25 * minute, { edited: { at: now - 24 * minute, reason: null } })
  add('zhao', { kind: 'text', text: '…' }, now - 22 * minute, {
    recalled: { at: now - 21 * minute, by: 'zhao', reason: null },
  })
  add('zhao', { kind: 'file', name: t.file, url: '', size: 248_312, extension: 'xlsx' }, now - 20 * minute)
  add(
    'mei',
    { kind: 'image', caption: t.caption, url: '', width: 4032, height: 3024, size: 3_412_000 },
    now - 12 * minute,
  )
  add('mei', { kind: 'voice', caption: '', url: '', duration: 17, size: 41_000 }, now - 11 * minute)
  add('alice', { kind: 'text', text: t.answer }, now - 6 * minute, { state: 'delivered' })
  add(
    'bob',
    { kind: 'location', latitude: 36.06, longitude: 120.38, title: t.place, address: t.address },
    now - 4 * minute,
    {
      unread: true,
    },
  )
  add('bob', { kind: 'unsupported', label: 'STICKER', raw: '{}' }, now - 3 * minute, { unread: true })
  return rows
}

function newestOf(rows: readonly Message[], text: string): NonNullable<Conversation['last']> {
  const newest = rows.at(-1)
  if (newest === undefined) throw new Error('A scene without messages has no last one')
  return {
    messageId: newest.id,
    senderId: newest.senderId,
    kind: newest.content.kind,
    text,
    event: null,
    state: newest.state,
    recalled: newest.recalled !== null,
    outgoing: newest.outgoing,
    at: newest.serverTime ?? newest.localTime,
  }
}

export function sceneWorld(scene: Scene, locale: Locale, theme: 'light' | 'dark', now = Date.now()): FakeWorld {
  const t = texts(locale)
  const world = createWorld({ locale, settings: settingsFrom(new Map(Object.entries({ language: locale, theme }))) })
  if (scene === 'signIn') return world
  const base = account({ signedIn: scene !== 'signInAgain' })
  world.accounts = [{ ...base, capabilities: { ...base.capabilities, resync: scene === 'holesAsked' } }]
  if (scene === 'empty') {
    world.snapshots.set(accountId, snapshot())
    return world
  }

  const group = talk(locale, now)
  const direct = directTalk(locale, now)
  world.messages = [...group, ...direct]
  world.decisions = decisionsOf(t, now)
  world.holes.set('group:seafront', [{ after: '240', before: '245', count: '3' }])
  world.messages = world.messages.filter((row) => !['241', '242', '243', '244'].includes(row.sequence ?? ''))

  const members = ['alice', 'bob', 'chen', 'zhao', 'mei'].map((userId) => ({ userId, role: 'member' }))
  const conversations: Conversation[] = [
    conversation({
      id: 'group:seafront',
      kind: 'group',
      targetId: 'seafront',
      title: t.team,
      members,
      last: newestOf(group, ''),
      activeAt: now - 3 * minute,
      unread: 2,
      mentions: 1,
    }),
    conversation({
      id: 'direct:bob',
      targetId: 'bob',
      last: newestOf(direct, t.sending),
      activeAt: now - 5 * minute,
    }),
    conversation({
      id: 'direct:chen',
      targetId: 'chen',
      last: { ...newestOf(group, t.talk[6]?.[1] ?? ''), kind: 'text', recalled: false, senderId: 'chen' },
      activeAt: now - 50 * minute,
      draft: t.draft,
    }),
    conversation({
      id: 'group:lunch',
      kind: 'group',
      targetId: 'lunch',
      title: t.lunch,
      members,
      last: { ...newestOf(group, ''), kind: 'image', recalled: false, senderId: 'zhao' },
      activeAt: now - day,
      unread: 128,
    }),
    conversation({
      id: 'direct:mei',
      targetId: 'mei',
      last: { ...newestOf(group, t.answer), kind: 'text', outgoing: true, senderId: selfId, state: 'read' },
      activeAt: now - 3 * day,
    }),
    conversation({
      id: 'direct:u-20941',
      targetId: 'u-20941',
      last: { ...newestOf(group, ''), kind: 'text', recalled: true, senderId: 'u-20941' },
      activeAt: now - 40 * day,
    }),
    conversation({
      id: 'group:old',
      kind: 'group',
      targetId: 'old',
      title: locale === 'zh-CN' ? '去年的年会筹备（已结束）' : 'Last year’s party (over)',
      membership: 'left',
      last: {
        ...newestOf(group, ''),
        kind: 'event',
        recalled: false,
        event: JSON.stringify({ kind: 'event', event: 'group.dismissed', by: 'chen' }),
      },
      activeAt: now - 300 * day,
    }),
  ]
  if (scene === 'edge') addEdges(world, conversations, now)
  if (scene === 'crowd') {
    for (let index = conversations.length; index < crowd; index++) {
      const last = { ...newestOf(direct, `words ${index}`), kind: 'text' as const }
      conversations.push(
        conversation({
          id: `direct:u${index}`,
          targetId: `u${index}`,
          last,
          activeAt: now - day - index * minute,
          unread: index % 7,
        }),
      )
    }
  }

  const trouble = { code: 'link.refused', detail: 'ECONNREFUSED 10.0.0.4:443' }
  const connection =
    scene === 'offline'
      ? online({ state: 'offline', failures: 6, nextTryAt: now + 24_000, problem: trouble })
      : scene === 'kicked'
        ? online({
            state: 'kicked',
            problem: { code: 'session.kicked', detail: null },
            words: 'Signed in on another device',
          })
        : scene === 'signInAgain'
          ? online({ state: 'rejected', problem: { code: 'session.unauthorized', detail: null } })
          : online()
  world.snapshots.set(
    accountId,
    snapshot({
      asOf: 41,
      conversations,
      people: Object.entries(t.names).map(([userId, nickname]) =>
        person({ userId, nickname, online: userId === 'bob' || userId === 'chen' ? true : false }),
      ),
      notices: [
        notice({
          id: 'n1',
          kind: 'maintenance',
          title: t.notice,
          content: t.noticeText,
          priority: 'urgent',
          estimatedDuration: '40 min',
          category: 'IT',
          expiresAt: now + 6 * 60 * minute,
          at: now - 30 * minute,
        }),
        notice({ id: 'n2', kind: 'alert', title: t.alert, priority: 'high', at: now - 5 * 60 * minute }),
        notice({
          id: 'n3',
          title: t.welcome,
          category: 'HR',
          at: now - 2 * day,
          acknowledgedAt: now - day,
        }),
      ],
      policy:
        scene === 'readOnly'
          ? policy({ readOnly: true, changedBy: 'chen', reason: t.by, revision: 3 })
          : policy({ maxMessageLength: scene === 'edge' ? 100 : 2000 }),
      connection,
    }),
  )
  return world
}

/** What was decided about notifications in three days, newest first. */
function decisionsOf(t: ReturnType<typeof texts>, now: number): FakeWorld['decisions'] {
  const night = new Date(now - day)
  night.setHours(23, 40, 0, 0)
  const morning = new Date(now)
  morning.setHours(7, 0, 0, 0)
  const group = { conversationId: 'group:seafront', messageId: 10, senderId: 'chen' } as const
  const notice = { channel: 'system', conversationId: null } as const
  const withheld = { shown: false, sound: false } as const
  const told: Partial<FakeWorld['decisions'][number]>[] = [
    { ...group, at: now - 2 * minute, kind: 'mention', reason: 'named' },
    { ...group, ...withheld, at: now - 3 * minute, senderId: 'zhao', reason: 'muted', until: now + 57 * minute },
    { at: now - 5 * minute, messageId: 12, senderId: 'bob', ...withheld, reason: 'beingRead' },
    {
      ...notice,
      kind: 'maintenance',
      noticeId: 'n1',
      title: t.notice,
      at: now - 30 * minute,
      reason: 'unacknowledged',
    },
    { ...notice, ...withheld, kind: 'alert', noticeId: 'n9', gone: true, at: now - 50 * minute, reason: 'focusMode' },
    { channel: 'admin', kind: 'policy', conversationId: null, at: now - 55 * minute, sound: false },
    {
      conversationId: 'group:lunch',
      senderId: 'mei',
      ...withheld,
      gone: true,
      messageId: 9,
      at: now - 60 * minute,
      reason: 'recalled',
    },
    {
      conversationId: 'group:lunch',
      kind: 'mentionAll',
      senderId: 'zhao',
      messageId: 8,
      at: night.getTime() - minute,
      ...withheld,
      reason: 'quietHours',
      until: morning.getTime(),
    },
    { at: night.getTime() - 2 * minute, messageId: 13, senderId: selfId, ...withheld, reason: 'own' },
    {
      conversationId: 'direct:gone',
      gone: true,
      messageId: 7,
      at: night.getTime() - 3 * minute,
      ...withheld,
      reason: 'channelOff',
    },
  ]
  return told.map((facts, index) => decision({ id: told.length - index, ...facts }))
}

function directTalk(locale: Locale, now: number): Message[] {
  const t = texts(locale)
  const row = (id: number, outgoing: boolean, text: string, at: number, facts: Partial<Message> = {}): Message =>
    message({ id, outgoing, content: { kind: 'text', text }, serverTime: at, localTime: at, ...facts })
  return [
    row(10, false, t.talk[5]?.[1] ?? '', now - day - 40 * minute),
    row(11, true, t.talk[2]?.[1] ?? '', now - day - 39 * minute, { state: 'read' }),
    row(12, false, t.talk[8]?.[1] ?? '', now - 22 * minute),
    row(13, true, '…', now - 21 * minute, { state: 'read', recalled: { at: now, by: selfId, reason: null } }),
    row(14, true, t.answer, now - 20 * minute, { state: 'sent' }),
    row(15, true, t.failed, now - 8 * minute, {
      state: 'failed',
      serverTime: null,
      problem: { code: 'message.refused', detail: 'spam filter' },
    }),
    row(16, true, t.sending, now - 5 * minute, {
      state: 'sending',
      serverTime: null,
      problem: { code: 'link.refused', detail: null },
    }),
  ]
}

/** Long names, markup, marks without end, right-to-left tricks. */
function addEdges(world: FakeWorld, conversations: Conversation[], now: number): void {
  const long = '极长的群名称用来检查布局会不会被撑开'.repeat(4)
  const payload = '<img src=x onerror="document.title=1"><script>alert(1)</script><b>bold</b>'
  const stacked = `Z${'\u0337\u0321\u0322\u0356'.repeat(400)}algo ${'e\u0301'.repeat(200)}`
  const rows = [
    payload,
    'https://example.org/' + 'a-very-long-path-without-any-break'.repeat(8),
    stacked,
    '\u202egnp.exe\u202c looks like a picture. javascript:alert(1) file:///etc/passwd ftp://x.example mailto:someone@example.org http://xn--e1awd7f.example http://пример.example/путь',
    'word '.repeat(900),
    '好',
  ].map((text, index) =>
    message({
      id: 900 + index,
      conversationId: 'group:edge',
      senderId: index % 2 === 0 ? 'a'.repeat(90) : payload,
      content: { kind: 'text', text },
      serverTime: now - (20 - index) * minute,
    }),
  )
  world.messages.push(...rows)
  conversations.unshift(
    conversation({
      id: 'group:edge',
      kind: 'group',
      targetId: 'edge',
      title: long,
      last: { ...newestOf(rows, payload), kind: 'text' },
      activeAt: now,
      unread: 1234,
      mentions: 12,
      draft: '',
    }),
    conversation({ id: 'direct:html', targetId: payload, activeAt: now - 1, draft: payload }),
  )
}

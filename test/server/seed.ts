/**
 * The people, groups and older messages a demo server starts with.
 *
 * File format of `--seed FILE` (JSON), all keys optional:
 *   users:    [{ userId, nickname, avatar?, bot? }]
 *   groups:   [{ groupId, name, members: [{ userId, role?: 'owner' | 'admin' | 'member' }] }]   the first is the creator
 *   messages: [{ from, to | group, text, minutesAgo? }]   oldest first
 *   settings: { maxMessageLength?, fileUploadLimit? (MB) }
 */
import { readFileSync } from 'node:fs'
import * as v from 'valibot'

const id = v.pipe(v.string(), v.minLength(1), v.maxLength(64))

const seedSchema = v.strictObject({
  users: v.optional(
    v.array(
      v.strictObject({
        userId: id,
        nickname: v.string(),
        avatar: v.optional(v.string()),
        bot: v.optional(v.boolean()),
      }),
    ),
    [],
  ),
  groups: v.optional(
    v.array(
      v.strictObject({
        groupId: id,
        name: v.string(),
        members: v.array(
          v.strictObject({ userId: id, role: v.optional(v.picklist(['owner', 'admin', 'member']), 'member') }),
        ),
      }),
    ),
    [],
  ),
  messages: v.optional(
    v.array(
      v.strictObject({
        from: id,
        to: v.optional(id),
        group: v.optional(id),
        text: v.string(),
        minutesAgo: v.optional(v.number(), 60),
      }),
    ),
    [],
  ),
  settings: v.optional(
    v.strictObject({ maxMessageLength: v.optional(v.number()), fileUploadLimit: v.optional(v.number()) }),
    {},
  ),
})

export type Seed = v.InferOutput<typeof seedSchema>

/** Throws with the path of what is wrong. */
export function parseSeed(json: unknown): Seed {
  const result = v.safeParse(seedSchema, json)
  if (result.success) return result.output
  const [issue] = result.issues
  throw new Error(`seed: ${v.getDotPath(issue) ?? ''} ${issue.message}`)
}

export function readSeed(file: string): Seed {
  return parseSeed(JSON.parse(readFileSync(file, 'utf8')))
}

/** People and groups without a history: what tests start from. */
export const plainSeed: Seed = parseSeed({
  users: [
    { userId: 'lin.mei', nickname: '林梅' },
    { userId: 'alice', nickname: 'Alice Hart' },
    { userId: 'zhang.wei', nickname: '张伟' },
    { userId: 'bob', nickname: 'Bob Keller' },
    { userId: 'chen.yu', nickname: '陈雨' },
    { userId: 'sofia', nickname: 'Sofia Lindqvist' },
    { userId: 'echo-bot', nickname: '小鹬', bot: true },
  ],
  groups: [
    {
      groupId: 'g-product',
      name: '产品讨论',
      members: [
        { userId: 'lin.mei', role: 'owner' },
        { userId: 'zhang.wei', role: 'admin' },
        { userId: 'alice' },
        { userId: 'chen.yu' },
        { userId: 'echo-bot' },
      ],
    },
    {
      groupId: 'g-release',
      name: 'Release crew',
      members: [
        { userId: 'alice', role: 'owner' },
        { userId: 'bob', role: 'admin' },
        { userId: 'sofia' },
        { userId: 'lin.mei' },
      ],
    },
    {
      groupId: 'g-lunch',
      name: '午饭 Lunch',
      members: [
        { userId: 'zhang.wei', role: 'owner' },
        { userId: 'bob' },
        { userId: 'alice' },
        { userId: 'chen.yu' },
        { userId: 'sofia' },
      ],
    },
  ],
})

export const demoSeed: Seed = {
  ...plainSeed,
  ...parseSeed({
    messages: [
      { from: 'lin.mei', group: 'g-product', text: '大家早，今天先过一下搜索的交互稿。', minutesAgo: 1505 },
      { from: 'chen.yu', group: 'g-product', text: '我改了空状态的插图，比之前安静一些。', minutesAgo: 1499 },
      { from: 'zhang.wei', group: 'g-product', text: '两个字的中文词现在能搜到了，速度也够。', minutesAgo: 1490 },
      {
        from: 'alice',
        group: 'g-product',
        text: 'Nice. Can we keep the result count at "50+"? It is honest and fast.',
        minutesAgo: 1480,
      },
      { from: 'lin.mei', group: 'g-product', text: '同意，就这么定。', minutesAgo: 1478 },
      {
        from: 'bob',
        group: 'g-release',
        text: 'Release candidate is up. Please try the upgrade path from last month.',
        minutesAgo: 640,
      },
      {
        from: 'sofia',
        group: 'g-release',
        text: 'Upgrade on Windows went fine, twice. The tray icon survived as well.',
        minutesAgo: 612,
      },
      { from: 'lin.mei', group: 'g-release', text: '麒麟上也装好了，字体正常。', minutesAgo: 605 },
      { from: 'alice', group: 'g-release', text: 'Then I will write the notes this afternoon.', minutesAgo: 598 },
      {
        from: 'bob',
        group: 'g-release',
        text: 'Two small things left: https://example.com/issues/418 and the long group names.',
        minutesAgo: 340,
      },
      { from: 'zhang.wei', group: 'g-lunch', text: '今天吃面还是吃饭？', minutesAgo: 180 },
      { from: 'sofia', group: 'g-lunch', text: 'Noodles! The place by the canal, 12:15?', minutesAgo: 176 },
      { from: 'chen.yu', group: 'g-lunch', text: '可以，我订位子 🍜', minutesAgo: 175 },
      { from: 'lin.mei', to: 'alice', text: '会议纪要我发到群里了，你看看有没有漏的。', minutesAgo: 95 },
      { from: 'alice', to: 'lin.mei', text: 'Looks complete, thank you. 辛苦了！', minutesAgo: 92 },
      { from: 'zhang.wei', to: 'alice', text: '明天下午三点能过一下接口吗？', minutesAgo: 64 },
      { from: 'bob', to: 'alice', text: 'Could you look at my draft before five? No rush otherwise.', minutesAgo: 41 },
      { from: 'zhang.wei', to: 'lin.mei', text: '服务器那边今晚十点维护，大概两小时。', minutesAgo: 33 },
      { from: 'sofia', to: 'bob', text: 'Signing keys are in the safe again.', minutesAgo: 28 },
      { from: 'echo-bot', to: 'alice', text: '你好，我是小鹬。给我发消息，我会回你一句。', minutesAgo: 12 },
      { from: 'echo-bot', to: 'lin.mei', text: '你好，我是小鹬。给我发消息，我会回你一句。', minutesAgo: 12 },
    ],
  }),
  users: plainSeed.users,
  groups: plainSeed.groups,
}

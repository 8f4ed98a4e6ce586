/**
 * What makes a demo look alive: one bot answers direct messages, a group talks, a notice and an administrator's change
 * come now and then. On both dialects alike. Never started in tests unless a test is about it.
 */
import type { Control } from './control.ts'
import type { DialectServer } from './dialect.ts'

export interface BotsOptions {
  readonly control: Control
  readonly dialects: readonly DialectServer[]
  readonly random?: () => number
  /** 1 is the pace of a demo; larger is faster. */
  readonly speed?: number
}

const answers = [
  (text: string) => `收到：${text}`,
  (text: string) => `Heard you: ${text}`,
  () => '我在的。说点什么，我都会回。',
  (text: string) => `“${text}”——记下了 ✓`,
  () => 'Every message gets one answer, and this is yours.',
]

const talk: readonly (readonly [from: string, group: string, text: string])[] = [
  ['lin.mei', 'g-product', '新的会话列表我看过了，行距再松一点会更好。'],
  ['bob', 'g-release', 'Build 214 is green on all three systems.'],
  ['zhang.wei', 'g-product', '刚刚把长消息的性能问题定位到了，是换行计算。'],
  ['sofia', 'g-release', 'I will take the accessibility pass this time.'],
  ['chen.yu', 'g-product', '深色主题的对比度我量了一遍，都在 4.5 以上。'],
  ['sofia', 'g-lunch', 'Anyone for coffee at three?'],
  ['alice', 'g-release', 'Notes are written; please read the part about upgrades.'],
  ['chen.yu', 'g-lunch', '三点可以，楼下见 ☕'],
  ['bob', 'g-release', 'Found it: the checksum file had Windows line ends.'],
  ['lin.mei', 'g-product', '下周一上午评审，大家把问题先写在文档里。'],
]

export function createBots({ control, dialects, random = Math.random, speed = 1 }: BotsOptions): { dispose(): void } {
  const timers = new Set<NodeJS.Timeout>()
  const seen = new Map(dialects.map((dialect) => [dialect, dialect.store.rows().length]))
  let line = 0
  let longer = false

  const later = (delayMs: number, act: () => void): void => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, delayMs / speed)
    timers.add(timer)
  }

  const answerNew = (): void => {
    for (const dialect of dialects) {
      const fresh = dialect.store.rows(seen.get(dialect))
      seen.set(dialect, (seen.get(dialect) ?? 0) + fresh.length)
      for (const row of fresh) {
        const bot = row.receiverId === null ? undefined : dialect.store.users.get(row.receiverId)
        if (bot?.bot !== true || bot.userId === row.senderId) continue
        const said = shownText(row.content)
        const answer = answers[Math.floor(random() * answers.length)] ?? answers[0]
        later(500 + random() * 1000, () => {
          control.message({ dialect: dialect.name, from: bot.userId, to: row.senderId, text: answer?.(said) ?? said })
          control.markRead({ dialect: dialect.name, serverId: row.serverId })
        })
      }
    }
    later(200, answerNew)
  }

  const speak = (): void => {
    const [from, group, text] = talk[line % talk.length] ?? ['', '', '']
    line += 1
    for (const dialect of dialects) {
      if (dialect.store.groups.get(group)?.members.has(from) === true) {
        control.message({ dialect: dialect.name, from, group, text })
      }
    }
    later(20_000 + random() * 20_000, speak)
  }

  const announce = (): void => {
    control.notify({
      type: 'announcement',
      title: '系统公告',
      content: '系统将于今晚 22:00–24:00 进行维护升级，期间消息会稍后送达。',
      priority: 'high',
      category: 'maintenance',
    })
    later(240_000 + random() * 120_000, announce)
  }

  const administer = (): void => {
    longer = !longer
    control.policy({ maxMessageLength: longer ? 4000 : 2000, by: 'admin_user', reason: '提升用户体验' })
    later(400_000 + random() * 200_000, administer)
  }

  later(200, answerNew)
  later(12_000, speak)
  if (dialects.some(({ name }) => name === 'im2')) {
    later(45_000, announce)
    later(150_000, administer)
  }

  return {
    dispose() {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
    },
  }
}

function shownText(content: string): string {
  try {
    const document: unknown = JSON.parse(content)
    if (typeof document === 'object' && document !== null && 'content' in document) {
      return String(document.content).slice(0, 80)
    }
  } catch {
    // xuqm text is not a JSON document; it is shown as it is.
  }
  return content.slice(0, 80)
}

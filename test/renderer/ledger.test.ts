/** "Why was I not notified?": what the page says of each decision, where it leads, and what it asks for. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { appError } from '#common/base/errors.ts'
import type { Decision } from '#common/contract/ledger.ts'
import { muteForEver } from '#common/domain/conversation.ts'
import { ledgerReasons, occasionKinds } from '#common/domain/notification/ledger.ts'
import LedgerPanel from '../../renderer/src/features/ledger/LedgerPanel.vue'
import { byDay } from '../../renderer/src/features/ledger/days.ts'
import en from '../../renderer/src/i18n/en.json'
import { useLedger } from '../../renderer/src/stores/ledger.ts'
import { useNotices } from '../../renderer/src/stores/notices.ts'
import { useSettings } from '../../renderer/src/stores/settings.ts'
import { useView } from '../../renderer/src/stores/view.ts'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { payloads } from './fakes/payloads.ts'
import { account, accountId, conversation, decision, notice, person, selfId, snapshot } from './fakes/rows.ts'

/** The ends of lists come into sight when a test says so. */
let seen: (() => void)[] = []
class Sight {
  readonly #told: () => void
  constructor(told: (entries: { isIntersecting: boolean }[]) => void) {
    this.#told = () => told([{ isIntersecting: true }])
  }
  observe(): void {
    seen.push(this.#told)
  }
  disconnect(): void {
    seen = seen.filter((told) => told !== this.#told)
  }
}

const noon = new Date(2026, 10, 20, 12, 0).getTime()
const hour = 3_600_000
/** So many come at once. */
const pageRows = 50

let bridge: FakeBridge
let page: MountedPage

beforeEach(() => {
  vi.stubGlobal('IntersectionObserver', Sight)
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout'] })
  vi.setSystemTime(noon)
})
afterEach(() => {
  expect(page.broken).toEqual([])
  page.unmount()
  seen = []
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

interface Shown {
  readonly locale?: 'en' | 'zh-CN'
  readonly only?: string
}

async function show(decisions: Decision[], { locale = 'en', only }: Shown = {}): Promise<void> {
  const group = conversation({ id: 'group:crew', kind: 'group', targetId: 'crew', title: 'Crew' })
  bridge = createFakeBridge(
    createWorld({
      accounts: [account()],
      snapshots: new Map([
        [
          accountId,
          snapshot({
            conversations: [conversation(), group],
            people: [person({ userId: 'bob', nickname: 'Bob' })],
            notices: [notice({ id: 'n1', title: 'Harbour closed', kind: 'alert' })],
          }),
        ],
      ]),
      decisions,
    }),
  )
  page = await mountPage({
    bridge,
    component: LedgerPanel,
    locale,
    before: async () => {
      await startStores()
      useLedger().open(only ?? null)
    },
  })
}
const clean = (text: string): string => text.replaceAll(/\s+/g, ' ').trim()
const rows = () => page.wrapper.findAll('.ledger-row')
/** Of each row: what it is about, then what came of it and why. */
const told = (): string[][] =>
  rows().map((row) => ['.subject', '.about', '.outcome'].map((part) => clean(row.find(part).text())))
const outcomeOf = async (facts: Partial<Decision>, shown: Shown = {}): Promise<string> => {
  await show([decision({ id: 1, at: noon - hour, ...facts })], shown)
  return told()[0]?.[2] ?? ''
}
const withheld = { shown: false, sound: false } as const
const press = (element: Element, key: string): void =>
  void element.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
const filter = async (text: string): Promise<void> => {
  const label = page.wrapper.findAll('.filter').find((one) => clean(one.text()) === text)
  await label?.find('input').setValue()
  await flushPromises()
}
const button = (name: RegExp) => page.wrapper.findAll('button').find((one) => name.test(clean(one.text())))

describe('each decision says why, in a sentence', () => {
  it.each([
    [{ reason: 'ordinary' }, 'Shown, with sound · Nothing spoke against it'],
    [{ reason: 'ordinary', sound: false }, 'Shown, without sound · Nothing spoke against it'],
    [{ reason: 'named', kind: 'mention' }, 'Shown, with sound · Muted, but you were mentioned'],
    [{ reason: 'named', kind: 'mentionAll' }, 'Shown, with sound · Muted, but everyone was mentioned'],
    [{ reason: 'muted', ...withheld, until: noon + hour }, 'Not shown · Muted until 13:00'],
    [{ reason: 'muted', ...withheld, until: noon + 20 * hour }, 'Not shown · Muted until 11/21 08:00'],
    [{ reason: 'muted', ...withheld, until: muteForEver }, 'Not shown · Muted'],
    [{ reason: 'muted', ...withheld, until: null }, 'Not shown · Muted'],
    [{ reason: 'quietHours', ...withheld, until: noon + 19 * hour }, 'Not shown · Quiet hours until 11/21 07:00'],
    [{ reason: 'quietHours', ...withheld }, 'Not shown · Quiet hours'],
    [{ reason: 'beingRead', ...withheld }, 'Not shown · You were reading it'],
    [{ reason: 'focusMode', ...withheld }, 'Not shown · The system asks for silence'],
    [{ reason: 'channelOff', ...withheld }, 'Not shown · Notifications of chats are switched off'],
    [
      { reason: 'channelOff', channel: 'admin', kind: 'policy', conversationId: null, ...withheld },
      'Not shown · Notifications of administrators are switched off',
    ],
  ] as const)('%o: %s', async (facts, sentence) => {
    expect(await outcomeOf(facts)).toBe(sentence)
  })

  it.each([
    [{ reason: 'muted', ...withheld, until: noon + hour }, '未显示 · 免打扰至 13:00'],
    [{ reason: 'focusMode', ...withheld }, '未显示 · 系统正处于勿扰状态'],
    [{ reason: 'named', kind: 'mentionAll' }, '已显示，有声音 · 已设免打扰，但提到了所有人'],
  ] as const)('in Chinese too: %o: %s', async (facts, sentence) => {
    expect(await outcomeOf(facts, { locale: 'zh-CN' })).toBe(sentence)
  })

  it('whatever the reason and the kind: none is without a text', async () => {
    await show(
      occasionKinds.flatMap((kind, first) =>
        ledgerReasons.map((reason, second) =>
          decision({ id: 1 + first * ledgerReasons.length + second, at: noon, kind, reason, senderId: 'bob' }),
        ),
      ),
    )
    expect(rows().length).toBeGreaterThan(0)
    expect(Object.keys(en.ledger.reasons).sort()).toEqual(ledgerReasons.filter((one) => one !== 'channelOff').sort())
    expect(page.wrapper.text()).not.toMatch(/ledger\.|notices\./)
  })
})

describe('what a decision was about', () => {
  it('has the name it has now, and says who', async () => {
    const crew = { conversationId: 'group:crew', messageId: 7, senderId: 'bob' } as const
    await show([
      decision({ id: 9, at: noon, ...crew }),
      decision({ id: 8, at: noon, ...crew, kind: 'mention' }),
      decision({ id: 7, at: noon, ...crew, kind: 'mentionAll' }),
      decision({ id: 6, at: noon, senderId: 'bob', messageId: 3 }),
      decision({ id: 5, at: noon, senderId: selfId, messageId: 4, ...withheld, reason: 'own' }),
      decision({ id: 4, at: noon, conversationId: null, noticeId: 'n1', title: 'Harbour closed', kind: 'alert' }),
      decision({ id: 3, at: noon, channel: 'admin', kind: 'policy', conversationId: null }),
      decision({ id: 2, at: noon, channel: 'admin', kind: 'membership', conversationId: 'group:crew' }),
    ])
    expect(told().map(([subject, about]) => [subject, about])).toEqual([
      ['Crew', 'Message from Bob'],
      ['Crew', 'Bob mentioned you'],
      ['Crew', 'Bob mentioned everyone'],
      ['Bob', 'Message'],
      ['Bob', 'Your own message'],
      ['Harbour closed', 'Alert'],
      ['Limits were changed', 'Administrators'],
      ['Crew', 'Your place in the group changed'],
    ])
  })

  it('is said to be gone where it is gone', async () => {
    await show([
      decision({ id: 3, at: noon, messageId: 5, gone: true }),
      decision({ id: 2, at: noon, conversationId: 'group:left' }),
      decision({ id: 1, at: noon, conversationId: null, noticeId: 'n9', kind: 'alert', gone: true }),
    ])
    expect(told().map(([subject, about]) => [subject, about])).toEqual([
      ['Bob', 'Message (no longer here)'],
      ['A chat that is no longer here', 'Message'],
      ['An announcement that is no longer here', 'Alert'],
    ])
    expect(rows().map((row) => row.attributes('aria-disabled'))).toEqual([undefined, 'true', 'true'])
  })

  it('is where a click leads: the very message, the announcement, what administrators changed', async () => {
    await show([
      decision({ id: 4, at: noon, conversationId: 'group:crew', messageId: 7, senderId: 'bob' }),
      decision({ id: 3, at: noon, messageId: 5, gone: true }),
      decision({ id: 2, at: noon, conversationId: null, noticeId: 'n1', title: 'Harbour closed', kind: 'alert' }),
      decision({ id: 1, at: noon, conversationId: null, channel: 'admin', kind: 'permission' }),
    ])
    const view = useView()
    const follow = async (index: number): Promise<void> => {
      view.show('ledger')
      await flushPromises()
      await rows()[index]?.trigger('click')
    }
    await follow(0)
    expect([view.panel, view.conversationId, view.takeWanted('group:crew')]).toEqual(['chats', 'group:crew', 7])
    await follow(1)
    expect([view.conversationId, view.takeWanted('direct:bob')]).toEqual(['direct:bob', null])
    await follow(2)
    expect([view.panel, useNotices().page, useNotices().chosenId]).toEqual(['announcements', 'inbox', 'n1'])
    await follow(3)
    expect([view.panel, useNotices().page]).toEqual(['announcements', 'changes'])
  })

  it('stays inert text, whatever it is called', async () => {
    const alert = { at: noon, conversationId: null, noticeId: 'n1', kind: 'alert' } as const
    const titles = ['Harbour closed', ...payloads].slice(0, pageRows)
    await show(titles.map((title, index) => decision({ id: 1000 - index, ...alert, title })))
    const tagsOf = (row: Element | undefined): string[] =>
      [...(row?.querySelectorAll('*') ?? [])].map(({ tagName }) => tagName.toLowerCase())
    const [plain, ...hostile] = rows().map(({ element }) => element)
    expect(hostile.map((row) => row.querySelector('.subject')?.textContent)).toEqual(titles.slice(1))
    for (const row of hostile) expect(tagsOf(row)).toEqual(tagsOf(plain))
  })
})

describe('the list', () => {
  it('is cut by local days, the newest first', () => {
    const at = (day: number, hours: number): number => new Date(2026, 10, day, hours).getTime()
    const days = byDay([at(20, 9), at(20, 0), at(19, 23), at(17, 1)].map((time, id) => decision({ id, at: time })))
    expect(days.map(({ decisions }) => decisions.map(({ id }) => id))).toEqual([[0, 1], [2], [3]])
  })

  it('comes page by page, when its end comes into sight', async () => {
    await show(Array.from({ length: 120 }, (_, index) => decision({ id: 120 - index, at: noon - index * 1000 })))
    expect(rows()).toHaveLength(50)
    const endInSight = async (): Promise<void> => {
      for (const tell of [...seen]) tell()
      await flushPromises()
    }
    await endInSight()
    expect(rows()).toHaveLength(100)
    await endInSight()
    expect(rows()).toHaveLength(120)
    expect(page.wrapper.text()).toContain('Kept on this computer for 30 days, at most 2000.')
    expect(bridge.inputsOf('notifications.decisions').map(({ before }) => before)).toEqual([null, 71, 21])
  })

  it('shows only what was not shown, on demand', async () => {
    await show([decision({ id: 2, at: noon, ...withheld, reason: 'muted' }), decision({ id: 1, at: noon })])
    await filter('Not shown')
    expect(told().map(([, , outcome]) => outcome)).toEqual(['Not shown · Muted'])
    await filter('All')
    expect(rows()).toHaveLength(2)
  })

  it('can be that of one chat, says so, and leads back to all', async () => {
    await show([decision({ id: 2, at: noon }), decision({ id: 1, at: noon, conversationId: 'group:crew' })], {
      only: 'group:crew',
    })
    expect(told().map(([subject]) => subject)).toEqual(['Crew'])
    const only = button(/^Only Crew$/)
    expect(only?.attributes('aria-label')).toBe('Only Crew: show all chats')
    await only?.trigger('click')
    await flushPromises()
    expect(rows()).toHaveLength(2)
  })

  it('takes in what is decided while it is looked at, and loses nothing that was loaded', async () => {
    const old = Array.from({ length: 70 }, (_, index) => decision({ id: 70 - index, at: noon - index * 1000 }))
    await show(old)
    for (const tell of [...seen]) tell()
    await flushPromises()
    bridge.world.decisions = [decision({ id: 71, at: noon, ...withheld, reason: 'own' }), ...old]
    bridge.push({ type: 'decisions', accountId })
    await vi.advanceTimersByTimeAsync(1000)
    await flushPromises()
    expect(rows()).toHaveLength(71)
    expect(told()[0]?.[2]).toBe('Not shown · You wrote it yourself')
  })

  it('leaves no gap where more came than a page holds', async () => {
    const old = Array.from({ length: 3 }, (_, index) => decision({ id: 3 - index, at: noon }))
    await show(old)
    const many = Array.from({ length: 60 }, (_, index) => decision({ id: 63 - index, at: noon }))
    bridge.world.decisions = [...many, ...old]
    bridge.push({ type: 'decisions', accountId })
    await vi.advanceTimersByTimeAsync(1000)
    await flushPromises()
    for (const tell of [...seen]) tell()
    await flushPromises()
    expect(rows()).toHaveLength(63)
  })

  it('asks nothing while nobody looks', async () => {
    await show([decision({ id: 1, at: noon })])
    useView().show('settings')
    await nextTick()
    bridge.push({ type: 'decisions', accountId })
    await vi.advanceTimersByTimeAsync(1000)
    expect(bridge.inputsOf('notifications.decisions')).toHaveLength(1)
  })

  it('is one stop of Tab, walked by arrows to both its ends', async () => {
    await show([3, 2, 1].map((id) => decision({ id, at: noon - (3 - id) * 30 * hour })))
    const elements = rows().map(({ element }) => element)
    expect(rows().map((row) => row.attributes('tabindex'))).toEqual(['0', '-1', '-1'])
    const [first, second, last] = elements
    if (!(first instanceof HTMLElement)) throw new Error('no row')
    first.focus()
    press(first, 'ArrowDown')
    expect(document.activeElement, 'over the line between two days').toBe(second)
    press(document.activeElement ?? first, 'End')
    expect(document.activeElement).toBe(last)
    press(document.activeElement ?? first, 'Home')
    expect(document.activeElement).toBe(first)
  })

  it.each([
    ['Nothing yet', {}, 'All'],
    ['Nothing about this chat yet', { only: 'group:crew' }, 'All'],
    ['Nothing was held back', {}, 'Not shown'],
  ])('says "%s" where there is nothing', async (title, shown, chosen) => {
    await show([], shown)
    await filter(chosen)
    expect(page.wrapper.find('.empty .title').text()).toBe(title)
  })

  it('says what went wrong, and can be asked again', async () => {
    await show([decision({ id: 1, at: noon })])
    bridge.refuse('notifications.decisions', appError('storage.failed'))
    await filter('Not shown')
    expect(page.wrapper.find('.empty').text()).toContain('This cannot be shown now')
    bridge.accept('notifications.decisions')
    bridge.world.decisions = [decision({ id: 1, at: noon, ...withheld, reason: 'recalled' })]
    await button(/^Try again$/)?.trigger('click')
    await flushPromises()
    expect(rows()).toHaveLength(1)
  })

  it('leads to the settings of notifications', async () => {
    await show([])
    await button(/^Notification settings$/)?.trigger('click')
    expect([useView().panel, useSettings().page]).toEqual(['settings', 'notifications'])
  })
})

/** Announcements: when a maintenance is, what waits and why, what is read, what may be opened, and what is told aloud. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Notice, PolicyChange } from '#common/domain/notice.ts'
import NoticeAnnouncer from '../../renderer/src/features/notices/NoticeAnnouncer.vue'
import NoticeBanners from '../../renderer/src/features/notices/NoticeBanners.vue'
import NoticesBadge from '../../renderer/src/features/notices/NoticesBadge.vue'
import NoticesPanel from '../../renderer/src/features/notices/NoticesPanel.vue'
import { durationIn, maintenanceWindow, phaseOf } from '#common/domain/maintenance.ts'
import { addressToOpen } from '../../renderer/src/features/notices/noticeAction.ts'
import { useNotices } from '../../renderer/src/stores/notices.ts'
import { useView } from '../../renderer/src/stores/view.ts'
import { type FakeBridge, type FakeWorld, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, notice, person, snapshot } from './fakes/rows.ts'

const minute = 60_000
const hour = 60 * minute
/** A Saturday at two in the afternoon, on the clock of this computer. */
const now = new Date(2026, 10, 21, 14).getTime()
const local = (day: number, hours: number, minutes = 0): number => new Date(2026, 10, day, hours, minutes).getTime()

let page: MountedPage | undefined
beforeEach(() => {
  vi.useFakeTimers({ now, toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
  vi.spyOn(document, 'hasFocus').mockReturnValue(true)
})
afterEach(() => {
  expect(page?.broken ?? []).toEqual([])
  page?.unmount()
  page = undefined
  document.body.innerHTML = ''
  vi.useRealTimers()
  vi.restoreAllMocks()
})

async function show(
  component: Parameters<typeof mountPage>[0]['component'],
  notices: Notice[],
  facts: Partial<FakeWorld> = {},
  locale: 'en' | 'zh-CN' = 'en',
): Promise<FakeBridge> {
  const people = [person({ userId: 'bob', nickname: 'Bob Keller' })]
  const bridge = createFakeBridge(
    createWorld({
      accounts: [account()],
      snapshots: new Map([[accountId, snapshot({ notices, people })]]),
      locale,
      ...facts,
    }),
  )
  page = await mountPage({ bridge, component, before: startStores, locale })
  return bridge
}
const text = (selector: string): string[] =>
  [...document.querySelectorAll(selector)].map((found) => found.textContent.replace(/\s+/g, ' ').trim())
const button = (name: string): HTMLButtonElement => {
  const all = [...document.querySelectorAll('button')]
  const found = all.find((one) => (one.getAttribute('aria-label') ?? one.textContent).trim() === name)
  if (found === undefined) throw new Error(`no button ${name} among ${all.map((one) => one.textContent).join('|')}`)
  return found
}
const titles = (): string[] => text('.list > ul:first-of-type .title')

describe('when a maintenance is', () => {
  const times = (facts: Partial<Notice>) =>
    maintenanceWindow(notice({ id: 'm', kind: 'maintenance', at: now, ...facts }))

  it('is what the server says in fields, and an end follows from how long it takes', () => {
    expect(times({ startsAt: 10, endsAt: 20 })).toEqual({ startsAt: 10, endsAt: 20, read: false })
    expect(times({ startsAt: 10, estimatedDuration: '2小时' })).toMatchObject({ endsAt: 10 + 2 * hour })
    expect(times({ startsAt: 10 })).toMatchObject({ endsAt: null })
  })

  it.each([
    ['系统将于22:00-24:00进行维护', local(21, 22), local(22, 0)],
    ['今晚 22:30 至次日 01:00 停机', local(21, 22, 30), local(22, 1)],
    ['明天 9:00～11:30 升级', local(22, 9), local(22, 11, 30)],
    ['11月25日23：00到2：00维护', local(25, 23), local(26, 2)],
    ['Maintenance on 2026-11-30, 08:00 to 10:00', local(30, 8), local(30, 10)],
    ['Down tomorrow 06:00 – 07:00', local(22, 6), local(22, 7)],
    // Announced in the afternoon: the small hours are those of the coming night.
    ['Down 02:00-04:00', local(22, 2), local(22, 4)],
    // It has begun already.
    ['Down 13:00-15:00', local(21, 13), local(21, 15)],
  ])('is read from the words: %s', (content, startsAt, endsAt) => {
    expect(times({ content })).toEqual({ startsAt, endsAt, read: true })
  })

  it('is one time of the words and how long it takes', () => {
    expect(times({ title: 'Tonight at 22:00', content: 'See you at 22:00.', estimatedDuration: '40 min' })).toEqual({
      startsAt: local(21, 22),
      endsAt: local(21, 22, 40),
      read: true,
    })
    expect(times({ content: '22:00 开始' })).toMatchObject({ startsAt: local(21, 22), endsAt: null })
  })

  it.each([
    ['soon'],
    ['08:00-09:00 and 20:00-21:00'],
    ['25:00-26:00'],
    ['on 2026-11-30 or 2026-12-01, 08:00-09:00'],
    ['from 08:00, perhaps 09:00'],
    ['version 1:2:30:44'],
  ])('is not guessed from: %s', (content) => {
    expect(times({ content })).toBeNull()
  })

  it('is nothing of other notices, and nothing without a day', () => {
    expect(maintenanceWindow(notice({ id: 'a', content: '22:00-24:00', at: now }))).toBeNull()
    expect(times({ content: '22:00-24:00', at: 0 })).toBeNull()
  })

  it.each([
    ['2小时', 2 * hour],
    ['1小时30分钟', 90 * minute],
    ['90 min', 90 * minute],
    ['1.5 hours', 90 * minute],
    ['半小时', 30 * minute],
    ['1 day', 24 * hour],
    ['about an evening', null],
    ['400 days', null],
  ])('lasts as long as %s says', (words, expected) => {
    expect(durationIn(words)).toBe(expected)
  })

  it('is before, during and after; without an end it is over after a day', () => {
    const both = { startsAt: 100, endsAt: 200, read: false }
    expect([99, 100, 199, 200].map((at) => phaseOf(both, at))).toEqual(['before', 'during', 'during', 'after'])
    const open = { startsAt: 0, endsAt: null, read: false }
    expect([23 * hour, 24 * hour].map((at) => phaseOf(open, at))).toEqual(['during', 'after'])
  })
})

describe('an address that a notice offers', () => {
  const offered = (data: unknown, action = 'open_url'): string | null =>
    addressToOpen({ action, data: JSON.stringify(data) })?.href ?? null

  it('is one of http or https, its host as it really is', () => {
    expect(offered({ url: 'https://example.org/a?b=c' })).toBe('https://example.org/a?b=c')
    expect(offered({ link: 'http://intranet/notes' }, 'OPEN_LINK')).toBe('http://intranet/notes')
    expect(offered('https://example.org')).toBe('https://example.org/')
    expect(offered({ url: 'https://exаmple.org/' })).toBe('https://xn--exmple-4nf.org/')
  })

  it.each([
    ['javascript:alert(1)'],
    ['data:text/html,x'],
    ['file:///etc/passwd'],
    ['ms-msdt:/id'],
    ['//example.org'],
    ['https://user:secret@example.org/'],
    ['https://'],
    ['example.org'],
    [`https://example.org/${'x'.repeat(2000)}`],
  ])('is never %s', (url) => {
    expect(offered({ url })).toBeNull()
  })

  it('is nothing without an action for it', () => {
    expect(offered({ url: 'https://example.org/' }, 'self_destruct')).toBeNull()
    expect(addressToOpen({ action: null, data: '{"url":"https://example.org/"}' })).toBeNull()
    expect(addressToOpen({ action: 'open_url', data: null })).toBeNull()
  })
})

describe('what waits', () => {
  const rows = [
    notice({ id: 'normal', title: 'normal', at: now - 1 }),
    notice({ id: 'read', title: 'read', at: now - 2, readAt: now }),
    notice({ id: 'promotion', title: 'promotion', kind: 'promotion', priority: 'urgent', at: now }),
    notice({ id: 'high', title: 'high', priority: 'high', readAt: now, at: now - 9 }),
    notice({ id: 'urgent', title: 'urgent', priority: 'urgent', at: now - 10 }),
    notice({ id: 'done', title: 'done', priority: 'urgent', acknowledgedAt: now, readAt: now, at: now - 11 }),
    notice({ id: 'expired', title: 'expired', priority: 'urgent', expiresAt: now - 1, at: now }),
  ]

  it('is what has to be acknowledged, read or not, until that is done; then what is unread; never advertising', async () => {
    const bridge = await show(NoticesPanel, rows)
    const notices = useNotices()
    expect(notices.waiting.map(({ notice: { id }, why }) => `${id} ${why}`)).toEqual([
      'urgent acknowledge',
      'high acknowledge',
      'normal unread',
    ])
    expect(titles()).toEqual(['urgent', 'high', 'promotion', 'normal', 'read', 'done'])
    bridge.change({
      notices: [notice({ id: 'high', title: 'high', priority: 'high', acknowledgedAt: now, revision: 2 })],
    })
    await flushPromises()
    expect(notices.open).toBe(2)
  })

  it('stands behind the badge with its reason, and each leads to its announcement', async () => {
    await show(NoticesBadge, rows)
    expect(document.querySelector('.notices-badge')?.getAttribute('aria-label')).toBe('Why 3?')
    button('Why 3?').click()
    await flushPromises()
    expect(text('.notices-why-item')).toEqual([
      expect.stringMatching(/^urgent ?Urgent · Waits to be acknowledged/),
      expect.stringMatching(/^high ?Important · Waits to be acknowledged/),
      expect.stringMatching(/^normal ?Normal · Not read yet/),
    ])
    document.querySelectorAll<HTMLElement>('.notices-why-item')[1]?.click()
    await flushPromises()
    expect([useView().panel, useNotices().chosenId]).toEqual(['announcements', 'high'])
  })

  it('has no badge when nothing waits', async () => {
    await show(NoticesBadge, [notice({ id: 'p', kind: 'promotion' })])
    expect(document.querySelector('.notices-badge')).toBeNull()
  })

  it('ends by itself at the moment it expires', async () => {
    await show(NoticesPanel, [notice({ id: 'short', priority: 'high', expiresAt: now + 90_000 })])
    expect(useNotices().open).toBe(1)
    await vi.advanceTimersByTimeAsync(89_000)
    expect(useNotices().open).toBe(1)
    await vi.advanceTimersByTimeAsync(1_100)
    expect(useNotices().open).toBe(0)
  })
})

describe('the inbox', () => {
  it('says that it is loading, and that there is nothing', async () => {
    const bridge = createFakeBridge(createWorld({ accounts: [account()] }))
    const release = bridge.hold('account.snapshot')
    page = await mountPage({ bridge, component: NoticesPanel, before: startStores })
    expect(text('[role="tabpanel"]')[0]).toContain('being loaded')
    release()
    await flushPromises()
    expect(text('[role="tabpanel"]')[0]).toContain('No announcements')
  })

  it('folds what is over', async () => {
    await show(NoticesPanel, [
      notice({ id: 'a', title: 'current', at: now }),
      notice({ id: 'b', title: 'gone', at: now, expiresAt: now - 1 }),
      notice({ id: 'c', title: 'done', kind: 'maintenance', at: now, startsAt: now - hour, endsAt: now - 1 }),
    ])
    expect(titles()).toEqual(['current'])
    const fold = button('2 expired')
    expect(fold.getAttribute('aria-expanded')).toBe('false')
    fold.click()
    await flushPromises()
    expect(fold.getAttribute('aria-expanded')).toBe('true')
    expect(text('.over .title')).toEqual(['gone', 'done'])
  })

  it('shows one kind, or what is unread; what is being read stays while it is', async () => {
    const bridge = await show(NoticesPanel, [
      notice({ id: 'a', title: 'news', at: now - 1 }),
      notice({ id: 'b', title: 'alarm', kind: 'alert', at: now - 2, readAt: now }),
    ])
    const notices = useNotices()
    notices.filter = 'alert'
    await flushPromises()
    expect(titles()).toEqual(['alarm'])
    notices.filter = 'promotion'
    await flushPromises()
    expect(text('.none')).toEqual(['None of this kind.'])
    notices.filter = 'unread'
    await flushPromises()
    expect(titles()).toEqual(['news'])
    document.querySelector<HTMLElement>('[data-roving="a"]')?.click()
    await vi.advanceTimersByTimeAsync(1_000)
    await flushPromises()
    expect(bridge.inputsOf('notice.markRead')).toEqual([{ accountId, noticeIds: ['a'] }])
    expect(titles()).toEqual(['news'])
    button('All announcements').click()
    await flushPromises()
    expect(titles()).toEqual([])
  })

  it('counts one as read only before somebody who looks', async () => {
    const focus = vi.spyOn(document, 'hasFocus').mockReturnValue(false)
    const bridge = await show(NoticesPanel, [notice({ id: 'a', title: 'news', at: now })])
    document.querySelector<HTMLElement>('[data-roving="a"]')?.click()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(bridge.inputsOf('notice.markRead')).toEqual([])
    focus.mockReturnValue(true)
    window.dispatchEvent(new Event('focus'))
    await vi.advanceTimersByTimeAsync(1_000)
    expect(bridge.inputsOf('notice.markRead')).toHaveLength(1)
  })

  it('acknowledges what asks for it, and asks no more', async () => {
    const bridge = await show(NoticesPanel, [notice({ id: 'a', title: 'rules', priority: 'high', at: now })])
    document.querySelector<HTMLElement>('[data-roving="a"]')?.click()
    await flushPromises()
    button('Acknowledge').click()
    await flushPromises()
    expect(bridge.inputsOf('notice.acknowledge')).toEqual([{ accountId, noticeId: 'a' }])
    expect(() => button('Acknowledge')).toThrow()
    expect(text('.detail .done')[0]).toMatch(/^You acknowledged it: /)
  })

  it('counts down to a maintenance, through it, and says when it is over', async () => {
    await show(NoticesPanel, [
      notice({ id: 'm', title: 'm', kind: 'maintenance', at: now, startsAt: now + 65_000, endsAt: now + 125_000 }),
    ])
    const clock = (): string | undefined => text('[role="timer"]')[0]
    expect(clock()).toBe('Begins in 1 min 5 s')
    await vi.advanceTimersByTimeAsync(6_000)
    expect(clock()).toBe('Begins in 59 s')
    await vi.advanceTimersByTimeAsync(60_000)
    expect(clock()).toBe('Ends in 59 s')
    await vi.advanceTimersByTimeAsync(60_000)
    await flushPromises()
    expect([clock(), text('.fold')[0]]).toEqual(['Over', '1 expired'])
    expect(document.querySelector('[role="timer"]')?.getAttribute('aria-live')).toBe('off')
  })

  it('asks before it opens a page, and shows the whole address as it is', async () => {
    await show(NoticesPanel, [
      notice({ id: 'a', title: 'x', action: 'open_url', data: '{"url":"http://exаmple.org/path?q=1"}', at: now }),
    ])
    document.querySelector<HTMLElement>('[data-roving="a"]')?.click()
    await flushPromises()
    expect(document.querySelector('[role="dialog"]')).toBeNull()
    expect(document.querySelector('a[href^="http"]')).toBeNull()
    button('Open xn--exmple-4nf.org…').click()
    await flushPromises()
    expect(text('.address')).toEqual(['http://xn--exmple-4nf.org/path?q=1'])
    expect(text('.warning')[0]).toContain('unusual letters')
    const link = document.querySelector<HTMLAnchorElement>('[role="dialog"] a')
    expect([link?.href, link?.target, link?.rel]).toEqual([
      'http://xn--exmple-4nf.org/path?q=1',
      '_blank',
      'noopener noreferrer',
    ])
  })
})

describe('what is said above the chats', () => {
  const banner = (): string | undefined => text('.banner-words')[0]

  it('is a maintenance from an hour before; put away, it comes back when it begins', async () => {
    await show(NoticeBanners, [
      notice({
        id: 'm',
        title: 'Upgrade',
        kind: 'maintenance',
        at: now,
        startsAt: now + 2 * hour,
        endsAt: now + 3 * hour,
      }),
    ])
    expect(banner()).toBeUndefined()
    await vi.advanceTimersByTimeAsync(hour + 1_000)
    expect(banner()).toMatch(/^Maintenance ?Upgrade ?Begins in 59 min/)
    button('Dismiss').click()
    await flushPromises()
    expect(banner()).toBeUndefined()
    await vi.advanceTimersByTimeAsync(hour)
    expect(banner()).toMatch(/^Maintenance ?Upgrade ?Ends in 59 min/)
    await vi.advanceTimersByTimeAsync(hour)
    expect(banner()).toBeUndefined()
  })

  it('is an alert; put away, it counts as read', async () => {
    const bridge = await show(NoticeBanners, [notice({ id: 'a', title: 'Disk', kind: 'alert', at: now })])
    expect(banner()).toMatch(/^Alert ?Disk/)
    button('Dismiss').click()
    await flushPromises()
    expect(banner()).toBeUndefined()
    expect(bridge.inputsOf('notice.markRead')).toEqual([{ accountId, noticeIds: ['a'] }])
  })

  it('cannot be put away when it is urgent: it stays until it is acknowledged', async () => {
    await show(NoticeBanners, [
      notice({ id: 'a', title: 'Fire', priority: 'urgent', at: now, readAt: now }),
      notice({ id: 'b', title: 'Disk', kind: 'alert', at: now }),
    ])
    expect(banner()).toMatch(/^Urgent ?Fire ?and 1 more/)
    expect(() => button('Dismiss')).toThrow()
    button('Acknowledge').click()
    await flushPromises()
    expect(banner()).toMatch(/^Alert ?Disk/)
  })

  it('is never a promotion, nor what is only announced', async () => {
    await show(NoticeBanners, [
      notice({ id: 'a', kind: 'promotion', priority: 'urgent', at: now }),
      notice({ id: 'b', priority: 'high', at: now }),
    ])
    expect(banner()).toBeUndefined()
  })
})

describe('what is told aloud', () => {
  const told = (level: string): string | undefined => text(`[data-live="${level}"]`)[0]

  it('is an urgent announcement at once and an important one in its turn, once each; and nothing else', async () => {
    const bridge = await show(NoticeAnnouncer, [notice({ id: 'old', priority: 'urgent', title: 'old', at: now })])
    expect([told('urgent'), told('important')]).toEqual(['', ''])
    bridge.change({
      notices: [
        notice({ id: 'p', kind: 'promotion', priority: 'urgent', title: 'sale' }),
        notice({ id: 'n', title: 'news' }),
        notice({ id: 'r', priority: 'urgent', title: 'read', readAt: 1 }),
      ],
    })
    await flushPromises()
    expect([told('urgent'), told('important')]).toEqual(['', ''])
    bridge.change({
      notices: [
        notice({ id: 'u', kind: 'alert', priority: 'urgent', title: 'Leave the building' }),
        notice({ id: 'h', priority: 'high', title: 'New rules' }),
      ],
    })
    await flushPromises()
    expect([told('urgent'), told('important')]).toEqual([
      'Urgent, Alert: Leave the building',
      'Important, Announcement: New rules',
    ])
    expect(document.querySelector('[data-live="urgent"]')?.getAttribute('aria-live')).toBe('assertive')
  })
})

describe('what administrators changed', () => {
  const change = (eventId: string, facts: Partial<PolicyChange>): PolicyChange => ({
    eventId,
    at: now,
    before: { maxMessageLength: 2000, fileUploadLimit: null, readOnly: false },
    after: { maxMessageLength: null, fileUploadLimit: null, readOnly: null },
    changedBy: 'bob',
    reason: null,
    ...facts,
  })
  const after = (facts: Partial<PolicyChange['after']>): PolicyChange['after'] => ({
    maxMessageLength: null,
    fileUploadLimit: null,
    readOnly: null,
    ...facts,
  })
  const policyChanges = [
    change('a', { after: after({ maxMessageLength: 20, fileUploadLimit: 5 }), reason: 'short week' }),
    change('b', { after: after({ readOnly: true }), changedBy: null }),
    change('c', { after: after({ readOnly: false }), before: { ...after({}), readOnly: true } }),
    change('d', {}),
  ]
  const told = async (): Promise<string[]> => {
    useNotices().page = 'changes'
    await flushPromises()
    return text('.told')
  }

  it('is told in sentences: who, from what to what, and why', async () => {
    await show(NoticesPanel, [], { policyChanges })
    expect(await told()).toEqual([
      expect.stringMatching(
        /^Bob Keller changed the longest message from 2,?000 characters to 20 characters\. ?Bob Keller set the largest file to 5 MB\. ?Reason: short week$/,
      ),
      'An administrator made this account read-only: until then it could write.',
      'Bob Keller allowed this account to write again: it had been read-only.',
      'Bob Keller sent a change that changed nothing here.',
    ])
  })

  it('is told in Chinese too', async () => {
    await show(NoticesPanel, [], { policyChanges }, 'zh-CN')
    expect((await told())[0]).toMatch(
      /^Bob Keller 将消息长度上限从 2,?000 个字符 ?改为 20 个字符。 ?Bob Keller 将文件大小上限设为 5 MB。 ?原因：short week$/,
    )
  })

  it('says that there was nothing, and that it could not be loaded', async () => {
    const bridge = await show(NoticesPanel, [])
    expect((await told()).length).toBe(0)
    expect(text('.history')[0]).toContain('Administrators have changed nothing so far.')
    bridge.refuse('policy.history', { code: 'storage.failed' })
    useNotices().page = 'inbox'
    await flushPromises()
    await told()
    expect(text('.history')[0]).toContain('could not be loaded')
  })
})

/** What the page tells of newer versions, and what the user can do about them. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Component } from 'vue'
import { type Update, noUpdateReasons } from '#common/domain/update.ts'
import AboutPage from '../../renderer/src/features/about/AboutPage.vue'
import StatusBanners from '../../renderer/src/features/connection/StatusBanners.vue'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'

let page: MountedPage | undefined
afterEach(() => {
  page?.unmount()
  page = undefined
})

async function opened(update: Update, component: Component = AboutPage): Promise<FakeBridge> {
  const bridge = createFakeBridge(createWorld({ update }))
  page = await mountPage({ bridge, component, before: () => startStores() })
  return bridge
}
const text = (): string => page?.wrapper.text() ?? ''
const button = (name: string) => {
  const found = page?.wrapper.findAll('button').find((one) => (one.attributes('aria-label') ?? one.text()) === name)
  if (found === undefined) throw new Error(`no button ${name}`)
  return found
}
const called = (bridge: FakeBridge): string[] =>
  bridge.calls.map(({ name }) => name).filter((name) => name.startsWith('update.'))

describe('the page about the program', () => {
  it.each<[update: Update, words: RegExp]>([
    [{ state: 'idle', checkedAt: null }, /looks for a newer version now and then/],
    [{ state: 'idle', checkedAt: Date.UTC(2026, 10, 21) }, /newest version, as of/],
    [{ state: 'checking' }, /Looking for a newer version…/],
    [{ state: 'loading', version: '0.2.0', percent: 42 }, /Fetching version 0\.2\.0: 42 %/],
    [{ state: 'ready', version: '0.2.0' }, /Version 0\.2\.0 is ready/],
    [{ state: 'failed', code: 'update.untrusted', at: 0 }, /not from Godwit’s makers/],
  ])('says where things stand: %j', async (update, words) => {
    await opened(update)
    await vi.waitFor(() => expect(text()).toMatch(words))
  })

  it.each(noUpdateReasons)('says why this program does not renew itself (%s), and offers nothing', async (reason) => {
    await opened({ state: 'off', reason })
    await vi.waitFor(() => expect(text()).toMatch(/new versions|renew itself|replace itself/i))
    expect(text()).not.toContain('Look now')
  })

  it('looks when it is asked to, and not while it looks', async () => {
    const bridge = await opened({ state: 'idle', checkedAt: null })
    await button('Look now').trigger('click')
    expect(called(bridge)).toEqual(['update.check'])
    bridge.push({ type: 'update', update: { state: 'checking' } })
    await vi.waitFor(() => expect(button('Look now').attributes('disabled')).toBeDefined())
  })
})

describe('above the chat', () => {
  it('a version that is ready is told until it is put away; a still newer one is told again', async () => {
    const bridge = await opened({ state: 'ready', version: '0.2.0' }, StatusBanners)
    await vi.waitFor(() => expect(text()).toContain('Version 0.2.0 is ready'))
    await button('Dismiss').trigger('click')
    await vi.waitFor(() => expect(text()).not.toContain('0.2.0'))
    bridge.push({ type: 'update', update: { state: 'ready', version: '0.3.0' } })
    await vi.waitFor(() => expect(text()).toContain('Version 0.3.0 is ready'))
    await button('Restart now').trigger('click')
    expect(called(bridge)).toEqual(['update.restart'])
  })

  it('nothing is told of looking and fetching', async () => {
    await opened({ state: 'loading', version: '0.2.0', percent: 3 }, StatusBanners)
    expect(text()).not.toContain('0.2.0')
  })
})

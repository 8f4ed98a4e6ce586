/** The registry of settings, and the page that is made from it. */
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type SettingDescriptor, settingDescriptors, settingKeys, settingsFrom } from '#common/contract/settings.ts'
import { muteForEver } from '#common/domain/conversation.ts'
import * as v from 'valibot'
import App from '../../renderer/src/App.vue'
import SettingsPanel from '../../renderer/src/features/settings/SettingsPanel.vue'
import en from '../../renderer/src/i18n/en.json'
import zhCN from '../../renderer/src/i18n/zh-CN.json'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account } from './fakes/rows.ts'

let page: MountedPage | undefined
afterEach(() => {
  page?.unmount()
  page = undefined
  for (const name of document.documentElement.getAttributeNames()) document.documentElement.removeAttribute(name)
})

const byName = (names: object, name: string): unknown => new Map(Object.entries(names)).get(name)

describe('the registry', () => {
  it.each(settingKeys)('%s starts with a value that its schema allows', (key) => {
    const { schema, initial }: SettingDescriptor = settingDescriptors[key]
    expect(v.is(schema, initial)).toBe(true)
  })

  it.each(settingKeys)('%s has a name, and a word for each choice, in both languages', (key) => {
    const { text = key, control }: SettingDescriptor = settingDescriptors[key]
    for (const { settings } of [en, zhCN]) {
      expect(byName(settings.names, text)).toBeTypeOf('string')
      if (control.kind !== 'choice') continue
      const words = Object.keys(byName(settings.options, text) ?? {})
      expect(words.sort()).toEqual([...control.options].sort())
    }
  })

  it('lets what a setting needs be a switch of the registry', () => {
    const needed = settingKeys.flatMap(
      (key) => (settingDescriptors[key] satisfies SettingDescriptor as SettingDescriptor).needs ?? [],
    )
    expect(needed).not.toEqual([])
    for (const key of needed) {
      expect(byName(settingDescriptors, key)).toMatchObject({ control: { kind: 'toggle' } })
    }
  })

  it('falls back to the initial value where a stored one is not allowed, and keeps the others', () => {
    const stored = new Map<string, unknown>([
      ['fontScale', 900],
      ['theme', 'sepia'],
      ['density', 'compact'],
      ['gone', true],
    ])
    expect(settingsFrom(stored)).toEqual({ ...settingsFrom(new Map()), density: 'compact' })
  })
})

async function openPanel(): Promise<FakeBridge> {
  const bridge = createFakeBridge(createWorld({ accounts: [account()] }))
  page = await mountPage({ bridge, component: SettingsPanel, before: () => startStores() })
  return bridge
}
const button = (selector: string) => {
  const found = page?.wrapper.find(selector)
  if (found?.exists() !== true) throw new Error(`nothing is ${selector}`)
  return found
}
const names = (): string[] => page?.wrapper.findAll('.setting .name').map((name) => name.text()) ?? []

describe('the settings page', () => {
  it('has a tab for each page, one of them reached by Tab, the others by arrows', async () => {
    await openPanel()
    const tabs = () => page?.wrapper.findAll('[role="tab"]') ?? []
    expect(tabs().map((tab) => tab.text())).toEqual([
      'Appearance',
      'Writing',
      'Notifications',
      'Desktop',
      'Lock',
      'Accounts',
      'Storage',
      'Shortcuts',
      'About',
    ])
    expect(tabs().map((tab) => tab.attributes('tabindex'))).toEqual(['0', ...Array<string>(8).fill('-1')])
    await tabs()[0]?.trigger('keydown', { key: 'ArrowDown' })
    await tabs()[1]?.trigger('keydown', { key: 'ArrowRight' })
    await vi.waitFor(() => expect(document.activeElement?.textContent).toBe('Notifications'))
    expect(tabs().map((tab) => tab.attributes('aria-selected'))).toEqual([
      'false',
      'false',
      'true',
      'false',
      'false',
      'false',
      'false',
      'false',
      'false',
    ])
    await tabs()[2]?.trigger('keydown', { key: 'End' })
    expect(page?.wrapper.find('[role="tabpanel"] h2').text()).toBe('About')
  })

  it('stores what is chosen, and shows what main answered', async () => {
    const bridge = await openPanel()
    await button('input[value="compact"]').setValue(true)
    expect(bridge.inputsOf('settings.set')).toEqual([{ settings: { density: 'compact' } }])
    await vi.waitFor(() => expect(button('.segment.on input[value="compact"]').exists()).toBe(true))
  })

  it('finds settings by their name, their choices and their page, and pages of their own', async () => {
    await openPanel()
    const search = button('[role="searchbox"]')
    await search.setValue('dark')
    expect(names()).toEqual(['Colours'])
    await search.setValue('admin sound')
    expect(names()).toEqual(['Play a sound'])
    await search.setValue('licences')
    expect(page?.wrapper.find('.jump').text()).toBe('Open “About”')
    await search.setValue('xyzzy')
    expect(page?.wrapper.text()).toContain('No setting is called that')
    await search.trigger('keydown', { key: 'Escape' })
    expect(page?.wrapper.find('[role="tablist"]').exists()).toBe(true)
  })

  it('rests what means nothing while notifications of the kind are off', async () => {
    await openPanel()
    await page?.wrapper.findAll('[role="tab"]')[2]?.trigger('click')
    const resting = () => page?.wrapper.findAll('fieldset').map((field) => field.attributes('disabled') !== undefined)
    const keys = settingKeys.filter((key) => {
      const { section, control }: SettingDescriptor = settingDescriptors[key]
      return section === 'notifications' && control.kind !== 'time'
    })
    expect(resting()).toEqual(keys.map(() => false))
    await page?.wrapper.findAll('[role="switch"]')[0]?.trigger('click')
    const ofChats = (key: (typeof keys)[number]): boolean => settingDescriptors[key].group === 'chat'
    await vi.waitFor(() => expect(resting()).toEqual(keys.map((key) => ofChats(key) && key !== 'notifyChat')))
  })

  it('turns notifications off for a while, says until when, and turns them on again', async () => {
    const bridge = await openPanel()
    await page?.wrapper.findAll('[role="tab"]')[2]?.trigger('click')
    const control = () => button('.silence')
    const press = async (name: string): Promise<void> => {
      const found = control()
        .findAll('button')
        .find((one) => one.text() === name)
      if (found === undefined) throw new Error(`no ${name}`)
      await found.trigger('click')
    }
    expect(control().find('[role="status"]').text()).toBe('')
    await press('Until I turn it off')
    expect(bridge.inputsOf('settings.set')).toEqual([{ settings: { doNotDisturbUntil: muteForEver } }])
    await vi.waitFor(() => expect(control().text()).toContain('Notifications are off'))
    expect(document.activeElement).toBe(control().element)
    await press('Turn notifications on again')
    await vi.waitFor(() => expect(control().find('[role="status"]').text()).toBe(''))

    const before = Date.now()
    await press('For 1 hour')
    const end = bridge.inputsOf('settings.set').at(-1)?.settings.doNotDisturbUntil ?? 0
    expect(end - 3_600_000).toBeGreaterThanOrEqual(before)
    expect(end - 3_600_000).toBeLessThanOrEqual(Date.now())
    await vi.waitFor(() => expect(control().text()).toMatch(/Notifications are off until (tomorrow )?\d\d:\d\d/))
  })

  it('leaves out the times of quiet hours that are off, unless they are looked for', async () => {
    await openPanel()
    await page?.wrapper.findAll('[role="tab"]')[2]?.trigger('click')
    expect(names()).not.toContain('Quiet until')
    await page?.wrapper.findAll('[role="switch"]')[4]?.trigger('click')
    await vi.waitFor(() => expect(names().filter((name) => name === 'Quiet until')).toHaveLength(1))
    await button('[role="searchbox"]').setValue('quiet until')
    expect(names()).toEqual(['Quiet until', 'Quiet until', 'Quiet until'])
  })

  it('takes a time of day whole, or leaves it as it was', async () => {
    const bridge = await openPanel()
    await page?.wrapper.findAll('[role="tab"]')[2]?.trigger('click')
    await page?.wrapper.findAll('[role="switch"]')[4]?.trigger('click')
    await vi.waitFor(() => button('input[type="time"]'))
    const field = button('input[type="time"]')
    expect(field.element).toHaveProperty('value', '22:00')
    await field.setValue('21:45')
    expect(bridge.inputsOf('settings.set').at(-1)).toEqual({ settings: { notifyChatQuietFrom: 21 * 60 + 45 } })
    await field.setValue('')
    expect(bridge.inputsOf('settings.set')).toHaveLength(2)
    expect(field.element).toHaveProperty('value', '21:45')
  })
})

describe('the window', () => {
  it('wears what the settings say, and the system where they leave it to it', async () => {
    vi.stubGlobal('matchMedia', (query: string) => ({
      matches: query.includes('prefers-contrast'),
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    }))
    const settings = settingsFrom(
      new Map<string, unknown>([
        ['density', 'compact'],
        ['fontScale', 150],
        ['reducedMotion', 'on'],
        ['spellCheck', false],
      ]),
    )
    const bridge = createFakeBridge(createWorld({ locale: 'zh-CN', settings }))
    page = await mountPage({ bridge, component: App })
    const root = document.documentElement
    expect({ ...root.dataset }).toMatchObject({ density: 'compact', motion: 'reduced', contrast: 'more' })
    expect([root.lang, root.style.getPropertyValue('--font-scale'), root.spellcheck]).toEqual(['zh-CN', '1.5', false])
  })
})

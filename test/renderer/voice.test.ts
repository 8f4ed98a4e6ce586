import { flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defineComponent, h, nextTick, ref } from 'vue'
import { appError } from '#common/base/errors.ts'
import type { Account } from '#common/domain/account.ts'
import MessageComposer from '../../renderer/src/features/composer/MessageComposer.vue'
import { levelOf } from '../../renderer/src/features/composer/voiceMicrophone.ts'
import { longest } from '../../renderer/src/features/composer/voiceRecording.ts'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, conversation, snapshot } from './fakes/rows.ts'

/** A microphone of the browser's, as far as the page uses one. */
const microphone = { on: 0, loud: 0.5, refusal: null as string | null }

class FakeTrack {
  stop(): void {
    microphone.on--
  }
}
class FakeRecorder extends EventTarget {
  static isTypeSupported = (type: string): boolean => type.startsWith('audio/webm')
  static last: FakeRecorder | null = null
  state: 'inactive' | 'recording' = 'inactive'
  constructor() {
    super()
    FakeRecorder.last = this
  }
  start(): void {
    this.state = 'recording'
  }
  stop(): void {
    this.state = 'inactive'
    queueMicrotask(() => {
      const data = new Blob(['sound'])
      this.dispatchEvent(Object.assign(new Event('dataavailable'), { data }))
      this.dispatchEvent(new Event('stop'))
    })
  }
}
class FakeContext {
  createAnalyser = () => ({
    fftSize: 0,
    getFloatTimeDomainData: (heard: Float32Array) => void heard.fill(microphone.loud),
  })
  createMediaStreamSource = () => ({ connect: () => null })
  close = (): Promise<void> => Promise.resolve()
}

let bridge: FakeBridge
let page: MountedPage
const shown = ref(true)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] })
  Object.assign(microphone, { on: 0, loud: 0.5, refusal: null })
  vi.stubGlobal('MediaRecorder', FakeRecorder)
  vi.stubGlobal('AudioContext', FakeContext)
  Object.defineProperty(navigator, 'mediaDevices', {
    configurable: true,
    value: {
      getUserMedia: async () => {
        await Promise.resolve()
        if (microphone.refusal !== null) throw new DOMException('no', microphone.refusal)
        microphone.on++
        return { getTracks: () => [new FakeTrack()] }
      },
    },
  })
  shown.value = true
  bridge = createFakeBridge(createWorld())
})
afterEach(() => {
  expect(page.broken).toEqual([])
  page.unmount()
  vi.useRealTimers()
  vi.unstubAllGlobals()
  Reflect.deleteProperty(navigator, 'mediaDevices')
})

async function open(facts: Partial<Account> = {}): Promise<void> {
  bridge.world.accounts = [account({ upload: true, ...facts })]
  bridge.world.snapshots.set(accountId, snapshot({ conversations: [conversation()] }))
  const composer = { accountId, conversation: conversation(), canEdit: true }
  page = await mountPage({
    bridge,
    component: defineComponent(() => () => (shown.value ? h(MessageComposer, composer) : null)),
    before: () => startStores('direct:bob'),
  })
}
const button = (name: string) => page.wrapper.find(`button[aria-label="${name}"]`)
async function press(name: string): Promise<void> {
  await button(name).trigger('click')
  await flushPromises()
}
async function pass(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms)
  await flushPromises()
}
async function escape(): Promise<boolean> {
  const event = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true })
  page.wrapper.find('[role=group]').element.dispatchEvent(event)
  await flushPromises()
  return event.defaultPrevented
}
const sent = () =>
  bridge.inputsOf('attachment.add').map(({ name, seconds, bytes }) => ({ name, seconds, size: bytes.byteLength }))
const told = (): string => page.wrapper.find('[role=alert] p').text()
const isRecording = (): boolean => page.wrapper.find('[role=group]').exists()
const record = 'Record a voice message'

describe('a voice message', () => {
  it('is recorded with its level and length, listened to, and sent by three presses of a key', async () => {
    await open()
    await press(record)
    expect(microphone.on).toBe(1)
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Stop and listen')
    await pass(2_400)
    expect(page.wrapper.find('[role=timer]').text()).toBe('0:02')
    const heights = page.wrapper.findAll('rect').map((bar) => Number(bar.attributes('height')))
    expect(Math.max(...heights)).toBeGreaterThan(50)
    await press('Stop and listen')
    expect(microphone.on).toBe(0)
    expect(button('Play').exists()).toBe(true)
    expect(sent()).toEqual([])
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Send voice message')
    await press('Send voice message')
    expect(sent()).toEqual([{ name: 'voice.webm', seconds: 2.4, size: 5 }])
    expect(isRecording()).toBe(false)
    await nextTick()
    expect(document.activeElement).toBe(page.wrapper.find('textarea').element)
  })

  it('can be sent without listening to it first', async () => {
    await open()
    await press(record)
    await pass(1_500)
    await press('Send voice message')
    expect(sent()).toMatchObject([{ seconds: 1.5 }])
    expect(microphone.on).toBe(0)
  })

  it('ends where the button is let go when it was held, and goes on after a click', async () => {
    await open()
    await button(record).trigger('pointerdown', { button: 0 })
    await flushPromises()
    await pass(1_200)
    window.dispatchEvent(new Event('pointerup'))
    await flushPromises()
    expect(button('Play').exists()).toBe(true)
    await escape()
    await button(record).trigger('pointerdown', { button: 0 })
    await flushPromises()
    await pass(100)
    window.dispatchEvent(new Event('pointerup'))
    await pass(2_000)
    expect(button('Stop and listen').exists()).toBe(true)
  })

  it('is thrown away by Escape, whether it is being recorded or done', async () => {
    await open()
    await press(record)
    await pass(2_000)
    expect(await escape()).toBe(true)
    expect([isRecording(), microphone.on, sent()]).toEqual([false, 0, []])
    await press(record)
    await pass(2_000)
    await press('Stop and listen')
    await escape()
    expect([isRecording(), sent()]).toEqual([false, []])
  })

  it('shorter than a second is a slip, and told', async () => {
    await open()
    await press(record)
    await pass(900)
    await press('Stop and listen')
    expect(isRecording()).toBe(false)
    expect(microphone.on).toBe(0)
    expect(told()).toMatch(/^That was too short/)
    expect(sent()).toEqual([])
  })

  it('ends by itself after a minute, which is announced, and waits to be sent', async () => {
    await open()
    await press(record)
    await pass((longest - 5) * 1000 + 80)
    expect(page.wrapper.find('.note.warn').text()).toBe('5 seconds left')
    await pass(6_000)
    expect(button('Play').exists()).toBe(true)
    await press('Send voice message')
    expect(sent()).toMatchObject([{ seconds: longest }])
  })

  it('says when nothing is heard', async () => {
    microphone.loud = 0
    await open()
    await press(record)
    await pass(3_300)
    expect(page.wrapper.find('.note').text()).toMatch(/^Nothing is heard/)
  })

  it('is whole when the microphone is unplugged in the middle', async () => {
    await open()
    await press(record)
    await pass(3_000)
    FakeRecorder.last?.stop()
    await flushPromises()
    expect(button('Play').exists()).toBe(true)
    await press('Send voice message')
    expect(sent()).toMatchObject([{ seconds: 3, size: 5 }])
  })

  it('waits in its chat while another is looked at, with the microphone off', async () => {
    await open()
    await press(record)
    await pass(4_000)
    shown.value = false
    await flushPromises()
    expect(microphone.on).toBe(0)
    shown.value = true
    await flushPromises()
    expect(page.wrapper.find('[role=timer]').text()).toBe('0:04')
    await press('Send voice message')
    expect(sent()).toMatchObject([{ seconds: 4 }])
  })

  it('stays when main does not take it, and what the rules refuse is named', async () => {
    await open()
    bridge.refuse('attachment.add', appError('storage.full'))
    await press(record)
    await pass(2_000)
    await press('Send voice message')
    expect(button('Play').exists()).toBe(true)
    bridge.accept('attachment.add')
    await press('Send voice message')
    expect(isRecording()).toBe(false)
  })
})

describe('without a microphone', () => {
  it('the user who said no is told so and can be asked again; nothing is opened meanwhile', async () => {
    bridge.world.microphone = false
    await open()
    await press(record)
    expect(told()).toMatch(/^You did not allow Godwit/)
    expect(microphone.on).toBe(0)
    bridge.world.microphone = true
    await page.wrapper
      .findAll('[role=alert] button')
      .find((one) => one.text() === 'Ask again')
      ?.trigger('click')
    await flushPromises()
    expect(bridge.inputsOf('microphone.allow')).toEqual([{ again: false }, { again: true }])
    expect(isRecording()).toBe(true)
  })

  it.each([
    ['NotAllowedError', /system’s settings/],
    ['NotFoundError', /No microphone was found/],
    ['NotReadableError', /Another program/],
  ])('%s is said in words with what helps', async (refusal, words) => {
    microphone.refusal = refusal
    await open()
    await press(record)
    expect(told()).toMatch(words)
    expect(isRecording()).toBe(false)
    await press('Close')
    expect(page.wrapper.find('[role=alert]').exists()).toBe(false)
  })

  it('nothing is asked where no file can be sent, and the reason is there', async () => {
    await open({ upload: false })
    expect(button(record).attributes('aria-disabled')).toBe('true')
    await press(record)
    expect(bridge.inputsOf('microphone.allow')).toEqual([])
    expect(page.wrapper.find('#record-reason').text()).toMatch(/^Files cannot be sent here/)
  })
})

it('the level follows the ear: nothing for silence, all for a shout', () => {
  expect(levelOf(new Float32Array(512))).toBe(0)
  expect(levelOf(new Float32Array(512).fill(0.9))).toBe(1)
  expect(levelOf(new Float32Array(512).fill(0.02))).toBeGreaterThan(0.3)
})

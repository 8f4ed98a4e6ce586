/** A message's details in words: where it stands, what proves it, and each step on the way. */
import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Message } from '#common/domain/message.ts'
import type { TraceStep } from '#common/domain/trace.ts'
import MessageDetails from '../../renderer/src/features/timeline/MessageDetails.vue'
import { type FakeBridge, createFakeBridge, createWorld } from './fakes/fakeBridge.ts'
import { type MountedPage, mountPage, startStores } from './fakes/mountPage.ts'
import { account, accountId, message, snapshot } from './fakes/rows.ts'

const start = new Date(2026, 2, 4, 10, 3, 22).getTime()
const second = 1_000

let page: MountedPage | undefined
let bridge: FakeBridge
afterEach(() => {
  expect(page?.broken ?? []).toEqual([])
  page?.unmount()
  page = undefined
  vi.useRealTimers()
})

function step(facts: Partial<TraceStep> & Pick<TraceStep, 'step'>): TraceStep {
  const at = facts.at ?? start
  return {
    command: 'send',
    at,
    serverTime: null,
    number: null,
    times: 1,
    lastAt: at,
    cause: null,
    proof: null,
    code: null,
    detail: null,
    ...facts,
  }
}

async function details(
  row: Partial<Message>,
  steps: readonly TraceStep[],
  { locale = 'en', state = 'online' }: { locale?: 'en' | 'zh-CN'; state?: 'online' | 'offline' } = {},
): Promise<void> {
  vi.useFakeTimers({ now: start + 3_600_000, toFake: ['Date', 'setInterval', 'clearInterval'] })
  const shown = message({ id: 7, outgoing: true, ...row })
  const world = createWorld({
    locale,
    accounts: [account()],
    snapshots: new Map([
      [
        accountId,
        snapshot({ connection: { state, failures: 0, nextTryAt: null, problem: null, words: null, endedBy: null } }),
      ],
    ]),
    messages: [shown],
    traces: new Map([[7, [...steps]]]),
  })
  bridge = createFakeBridge(world)
  page = await mountPage({
    bridge,
    locale,
    component: MessageDetails,
    props: { accountId, message: shown, open: true },
    before: startStores,
  })
  await flushPromises()
}

const standing = (): string[] =>
  [...(document.querySelector('[role="status"]')?.querySelectorAll('p') ?? [])].map(({ textContent }) => textContent)
const lines = (): string[] =>
  [...document.querySelectorAll('[role="dialog"] li')].map((line) =>
    [...line.querySelectorAll('bdi, time')].map(({ textContent }) => textContent.trim()).join(' | '),
  )

describe('the steps of a message', () => {
  it('are told in plain words, with the time of each', async () => {
    await details({ state: 'read', proof: 'echo' }, [
      step({ step: 'stored' }),
      step({ step: 'written', number: 1 }),
      step({ step: 'written', number: 2, cause: 'noProof', at: start + 15 * second }),
      step({ step: 'proved', proof: 'echo', at: start + 16 * second }),
      step({ step: 'identified', at: start + 16 * second }),
      step({ step: 'delivered', at: start + 20 * second }),
      step({ step: 'read', at: start + 60 * second }),
    ])
    expect(standing()).toEqual(['Read.', 'Proof: the server sent it back to this computer.'])
    expect(lines()).toEqual([
      'Stored on this computer | 10:03:22',
      'Sent, first try | 10:03:22',
      'No answer for 15 s – sent again | 10:03:37 | try 2',
      'The server confirmed it by sending it back | 10:03:38 | It gave the message its ID',
      'Delivered | 10:03:42',
      'Read | 10:04:22',
    ])
  })

  it('say how the link was lost, without advice for what is over; a run of retries is one line', async () => {
    await details({ state: 'sending' }, [
      step({ step: 'stored' }),
      step({ step: 'written', number: 1 }),
      step({ step: 'written', number: 2, cause: 'linkLost', code: 'link.closed' }),
      step({ step: 'written', number: 14, times: 12, cause: 'noProof', lastAt: start + 200 * second }),
      step({ step: 'written', number: 15, cause: 'restarted', at: start + 300 * second }),
    ])
    expect(lines().slice(2)).toEqual([
      'The connection was lost – sent again | 10:03:22 | try 2 · The connection was cut off.',
      'No answer for 15 s – sent again | 10:03:22 | 12 times, tries 3 to 14; the last at 10:06:42',
      'Sent again after Godwit was started anew | 10:08:22 | try 15',
    ])
  })

  it('say why a message was held, failed, and what was done about it', async () => {
    await details({ state: 'sending', problem: { code: 'message.readOnly', detail: null } }, [
      step({ step: 'stored' }),
      step({ step: 'failed', code: 'message.refused', detail: 'spam' }),
      step({ step: 'retried' }),
      step({ step: 'held', code: 'message.readOnly' }),
    ])
    expect(standing()[0]).toBe('Waiting. An administrator has made this account read-only.')
    expect(lines().map((line) => line.split(' | ')[0])).toEqual([
      'Stored on this computer',
      'Not sent. The server refused the message. The server says: spam',
      'You asked to try again',
      'Held back. An administrator has made this account read-only.',
    ])
  })

  it('name what was done to the message, and the server’s own clock where it is another', async () => {
    await details({ state: 'sent', proof: 'status' }, [
      step({ step: 'stored', command: 'edit' }),
      step({ step: 'proved', command: 'edit', proof: 'echo', serverTime: start + 90 * second }),
      step({ step: 'failed', command: 'pin', code: 'message.notSupported' }),
    ])
    expect(lines()).toEqual([
      'Edit: Stored on this computer | 10:03:22',
      'Edit: The server confirmed it by sending it back | 10:03:22 | 10:04:52 by the server’s clock',
      'Pin: Not done. This server cannot do this. | 10:03:22',
    ])
  })

  it('are told in Chinese as well', async () => {
    await details(
      { state: 'sent', proof: 'alive' },
      [
        step({ step: 'stored' }),
        step({ step: 'written', number: 3, times: 2, cause: 'linkLost', code: 'link.closed' }),
        step({ step: 'proved', proof: 'alive' }),
      ],
      { locale: 'zh-CN' },
    )
    expect(standing()).toEqual(['已发送，未获确认：该服务器从不确认。', '消息已写出，此后连接仍然正常。'])
    expect(lines()).toEqual([
      '已保存在本机 | 10:03:22',
      '连接中断，再次发送 | 10:03:22 | 共 2 次，第 2 至 3 次；最后一次在 10:03:22 · 连接已断开。',
      '未获确认，但此后连接仍然正常 | 10:03:22',
    ])
  })

  it('follow the message while they are looked at, and nobody asks any more after that', async () => {
    await details({ state: 'sending' }, [step({ step: 'stored' })])
    expect(lines()).toHaveLength(1)
    bridge.world.traces.set(7, [step({ step: 'stored' }), step({ step: 'written', number: 1 })])
    await vi.advanceTimersByTimeAsync(1_000)
    await flushPromises()
    expect(lines()).toHaveLength(2)
    page?.unmount()
    page = undefined
    const asked = bridge.inputsOf('message.trace').length
    await vi.advanceTimersByTimeAsync(10_000)
    expect(bridge.inputsOf('message.trace')).toHaveLength(asked)
  })
})

describe('where a message stands', () => {
  const written = [step({ step: 'stored' }), step({ step: 'written', number: 1 })]
  it.each([
    ['offline', [step({ step: 'stored' })], 'Stored here; it goes out when the connection is back.'],
    ['online', [step({ step: 'stored' })], 'Stored here; it goes out in a moment.'],
    ['online', written, 'Sent; waiting for the server’s answer.'],
    [
      'offline',
      written,
      'Sent, but the connection was lost before the server answered. It goes out again by itself; nobody gets it twice.',
    ],
  ] as const)('unproved, %s: %#', async (state, steps, text) => {
    await details({ state: 'sending' }, steps, { state })
    expect(standing()).toEqual([text, 'No proof yet.'])
  })

  it('is told of a silent server as what it is: unconfirmed', async () => {
    await details({ state: 'sent', proof: 'alive' }, written)
    expect(standing()[0]).toBe('Sent, unconfirmed: this server never confirms.')
  })

  it('is told of a message from before the trace was kept', async () => {
    await details({ state: 'delivered', proof: 'echo' }, [])
    expect(standing()[0]).toBe('Delivered.')
    expect(document.querySelector('[role="dialog"]')?.textContent).toContain('were not recorded')
  })
})

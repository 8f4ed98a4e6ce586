/** The one question about the microphone, and what the page is given after it. */
import type { WebContents } from 'electron'
import { beforeEach, describe, expect, it } from 'vitest'
import { type Microphone, type Question, createMicrophone } from '#electron/main/microphone.ts'

const sender = {} as WebContents
let state: Map<string, string>
let asked: Question[]
let decided: boolean[]
let answer: () => Promise<boolean>

beforeEach(() => {
  state = new Map()
  asked = []
  decided = []
  answer = () => Promise.resolve(true)
})

function start(locale: 'zh-CN' | 'en' = 'en'): Microphone {
  const microphone = createMicrophone({
    appStore: { readState: (key) => state.get(key) ?? null, writeState: (key, json) => void state.set(key, json) },
    locale: () => locale,
    ask: (_sender, question) => {
      asked.push(question)
      return answer()
    },
    onDecided: () => void decided.push(microphone.allowed),
  })
  return microphone
}

describe('the microphone', () => {
  it('is closed until the user says yes, who is asked once, also over a restart', async () => {
    expect(start().allowed).toBe(false)
    expect(await start().request(sender, false)).toBe(true)
    expect(decided).toEqual([true])
    expect(start().allowed).toBe(true)
    expect(await start().request(sender, false)).toBe(true)
    expect(asked).toHaveLength(1)
    expect([...state.values()].map((json) => JSON.parse(json) as unknown)).toEqual(['allowed'])
  })

  it('stays closed after a no, and is asked about again only when the user wishes so', async () => {
    answer = () => Promise.resolve(false)
    const microphone = start()
    expect(await microphone.request(sender, false)).toBe(false)
    expect(await microphone.request(sender, false)).toBe(false)
    expect([asked.length, microphone.allowed]).toEqual([1, false])
    answer = () => Promise.resolve(true)
    expect(await microphone.request(sender, true)).toBe(true)
    expect([asked.length, decided]).toEqual([2, [false, true]])
  })

  it('is asked about by one dialog at a time, in the user’s language', async () => {
    let say: (yes: boolean) => void = () => undefined
    answer = () => new Promise((resolve) => (say = resolve))
    const microphone = start('zh-CN')
    const both = Promise.all([microphone.request(sender, false), microphone.request(sender, true)])
    say(true)
    expect(await both).toEqual([true, true])
    expect(asked.map(({ message, buttons }) => [message, buttons.length])).toEqual([['允许 Godwit 使用麦克风吗？', 2]])
  })
})

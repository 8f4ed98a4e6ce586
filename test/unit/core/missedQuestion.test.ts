import { beforeEach, describe, expect, it } from 'vitest'
import { MissedQuestion, fruitlessAnswers, shortestRestMs, syncRepeatMs } from '#electron/core/missedQuestion.ts'
import { FakeClock } from '#test/fakes/fakeClock.ts'

let clock: FakeClock
let asked: number
let lastFrameAt: number
let rest: number | null
let question: MissedQuestion

beforeEach(() => {
  clock = new FakeClock()
  asked = 0
  rest = null
  lastFrameAt = -1_000
  question = new MissedQuestion({
    clock,
    ask: () => void asked++,
    quietMs: () => clock.monotonic() - lastFrameAt,
    onRest: (until) => (rest = until),
  })
})

/** A link on which the server breaks off in the middle of its answer. */
async function brokenOff(news: boolean): Promise<void> {
  question.start()
  await clock.pass(100)
  if (news) question.news()
  question.stop(true)
}

describe('what was missed', () => {
  it('is asked for at once, and again a while later: the first may have overtaken the subscription', async () => {
    question.start()
    expect(asked).toBe(1)
    await clock.pass(syncRepeatMs)
    expect(asked).toBe(2)
    await clock.pass(600_000)
    expect(asked).toBe(2)
  })

  it('is not asked for again while the answer still runs', async () => {
    question.start()
    for (let passed = 0; passed < 10 * syncRepeatMs; passed += 100) {
      lastFrameAt = clock.monotonic()
      await clock.pass(100)
    }
    expect(asked).toBe(1)
    await clock.pass(1_000)
    expect(asked).toBe(2)
  })

  it('leaves no timer behind', () => {
    question.start()
    question.stop(false)
    expect(clock.pending).toBe(0)
  })
})

describe('answers that are broken off', () => {
  it('are asked for again as long as something new is in them', async () => {
    for (let link = 0; link < 20; link++) await brokenOff(true)
    expect(asked).toBe(20)
    expect(rest).toBeNull()
  })

  it('are asked for again when another fault ended the link', async () => {
    for (let link = 0; link < 20; link++) {
      question.start()
      question.stop(false)
    }
    expect(asked).toBe(20)
    expect(rest).toBeNull()
  })

  it('with nothing new in them, several times in a row, give the question a rest; then it is asked on the living link', async () => {
    for (let link = 0; link < fruitlessAnswers; link++) await brokenOff(false)
    expect(rest).toBe(clock.now() + shortestRestMs)
    question.start()
    await clock.pass(shortestRestMs - 1)
    expect(asked).toBe(fruitlessAnswers)
    await clock.pass(1)
    expect(asked).toBe(fruitlessAnswers + 1)
  })

  it('give it a longer rest each time, an hour at most, and none for a link that ends while it rests', async () => {
    const rests: number[] = []
    for (let link = 0; link < fruitlessAnswers + 6; link++) {
      await brokenOff(false)
      if (rest === null) continue
      question.start()
      question.stop(true)
      rests.push(Math.round((rest - clock.now()) / 60_000))
      await clock.pass(rest - clock.now())
    }
    expect(rests).toEqual([5, 10, 20, 40, 60, 60, 60])
  })

  it('end their rest when one comes to its end, or when something new is stored after all', async () => {
    for (let link = 0; link < fruitlessAnswers; link++) await brokenOff(false)
    question.news()
    expect(rest).toBeNull()
    for (let link = 0; link < fruitlessAnswers; link++) await brokenOff(false)
    question.start()
    question.news()
    expect(rest).not.toBeNull()
    await clock.pass(shortestRestMs + syncRepeatMs + 10_000)
    expect(rest).toBeNull()
  })
})

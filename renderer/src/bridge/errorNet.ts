/** Catches what nobody caught in this page and tells main's log; a report that fails is left at that. */
import type { Bridge } from '#common/contract/bridge.ts'
import type { CallInput, CallName } from '#common/contract/calls.ts'

const reportCall = 'app.reportError' satisfies CallName
const longestMessage = 4000
const longestStack = 16_000
/** A page that fails in a loop must not flood main. */
const reportsPerPage = 50

/** Says only that a size was seen one frame later (Resize Observer, section 3.4.5). */
const harmless = /^ResizeObserver loop/

export interface ErrorNet {
  report(error: unknown): void
}

export function createErrorNet(bridge: Bridge): ErrorNet {
  let left = reportsPerPage

  function report(error: unknown): void {
    console.error(error)
    if (left-- <= 0) return
    const input: CallInput<typeof reportCall> = {
      message: String(error).slice(0, longestMessage),
      stack: (error instanceof Error ? (error.stack ?? '') : '').slice(0, longestStack),
    }
    bridge.call(reportCall, input).catch((failure: unknown) => console.error(failure))
  }

  window.addEventListener('error', (event) => {
    if (!harmless.test(event.message)) report(event.error ?? event.message)
  })
  window.addEventListener('unhandledrejection', (event) => report(event.reason))
  return { report }
}

/** Readings of the meter while somebody looks: one a second, none while the window is hidden. */
import { computed, onScopeDispose, shallowRef } from 'vue'
import type { AppError } from '#common/base/errors.ts'
import type { MeterReading } from '#common/domain/meter.ts'
import { useClient } from '../../bridge/useClient.ts'
import { useAccounts } from '../../stores/accounts.ts'

const everyMs = 1_000
/** A minute of them. */
const kept = 60

/** Of two readings: how many a second; 0 for one that begins anew. */
export function ratesOf(
  readings: readonly MeterReading[],
  total: (reading: MeterReading) => number,
): readonly number[] {
  return readings.slice(1).map((reading, index) => {
    const before = readings[index]
    if (before === undefined || reading.at <= before.at) return 0
    return Math.max(0, ((total(reading) - total(before)) * 1_000) / (reading.at - before.at))
  })
}

export function useMeter() {
  const client = useClient()
  const accounts = useAccounts()
  const readings = shallowRef<readonly MeterReading[]>([])
  const error = shallowRef<AppError | null>(null)
  let asking = false
  let gone = false

  async function ask(): Promise<void> {
    // A store that is busy is not asked again before it has answered.
    if (asking || document.visibilityState === 'hidden') return
    asking = true
    const answer = await client.call('meter.read', { accountId: accounts.currentId })
    asking = false
    if (gone) return
    error.value = answer.ok ? null : answer.error
    if (answer.ok) readings.value = [...readings.value.slice(1 - kept), answer.value]
  }

  void ask()
  const timer = window.setInterval(() => void ask(), everyMs)
  onScopeDispose(() => {
    gone = true
    window.clearInterval(timer)
  })
  return { readings, error, last: computed(() => readings.value.at(-1) ?? null) }
}

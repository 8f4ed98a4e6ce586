/** Sends a place or a card; true when it is safe, else what went wrong has been told. */
import type { CallInput } from '#common/contract/calls.ts'
import { useClient } from '../../bridge/useClient.ts'
import { useFeedback } from '../../stores/feedback.ts'

export function useSharing() {
  const client = useClient()
  const feedback = useFeedback()
  return async (input: CallInput<'message.share'>): Promise<boolean> => {
    const answer = await client.call('message.share', input)
    if (!answer.ok) feedback.fail(answer.error)
    return answer.ok
  }
}

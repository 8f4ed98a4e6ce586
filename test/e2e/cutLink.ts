/**
 * The story of a cut link, told once for the test and for the pictures: five messages are written while the network is
 * gone, the app is quit and started again without it, and the link comes back.
 */
import type { FaultProxy } from '../faults/proxy.ts'
import type { Person } from './person.ts'

export const cutLinkWords = [
  'One: written with the cable out',
  'Two: the list stays in order',
  'Three: nothing is asked of me',
  '第四条：断网时写的',
  'Five: and then I quit',
] as const

/** What there is to be seen, in order. */
export type CutLinkMoment = 'cut' | 'queued' | 'restarted' | 'restored'

export interface CutLinkStory {
  readonly writer: Person
  /** Between the writer and the server. */
  readonly proxy: FaultProxy
  /** The conversation's title, as the list shows it. */
  readonly conversation: string
  /** Looks, before the story goes on. */
  readonly at: (moment: CutLinkMoment) => Promise<void>
}

/** The writer is started and online before, and online at the end. */
export async function tellCutLink({ writer, proxy, conversation, at }: CutLinkStory): Promise<void> {
  await writer.opens(conversation)
  await proxy.listen(false)
  proxy.reset()
  await writer.page.getByRole('button', { name: /^(Try now|立即重试)$/ }).waitFor()
  await at('cut')
  for (const text of cutLinkWords) await writer.says(text)
  for (const text of cutLinkWords) await writer.seesState(text, 'sending')
  await at('queued')
  await writer.quit()
  await writer.start()
  await writer.opens(conversation)
  for (const text of cutLinkWords) await writer.seesState(text, 'sending')
  await at('restarted')
  await proxy.listen(true)
  for (const text of cutLinkWords) await writer.hasDelivered(text)
  await at('restored')
}

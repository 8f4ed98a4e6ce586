/** Mounts a component as the page would: stores, texts, and a client on a fake bridge. */
import { type VueWrapper, flushPromises, mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { TooltipProvider } from 'reka-ui'
import { type Component, defineComponent, h } from 'vue'
import { createClient } from '../../../renderer/src/bridge/client.ts'
import { clientKey } from '../../../renderer/src/bridge/useClient.ts'
import { useSync } from '../../../renderer/src/stores/sync.ts'
import { useView } from '../../../renderer/src/stores/view.ts'
import type { FakeBridge } from './fakeBridge.ts'
import { textsIn } from './texts.ts'

export interface MountedPage {
  readonly wrapper: VueWrapper
  /** What did not fit the contract; empty when all is well. */
  readonly broken: string[]
  unmount(): void
}

export interface MountOptions {
  readonly bridge: FakeBridge
  readonly component: Component
  readonly props?: Readonly<Record<string, unknown>>
  readonly locale?: 'zh-CN' | 'en'
  /** Run inside the app before the component exists, with its stores at hand. */
  readonly before?: () => Promise<void>
}

export async function mountPage(options: MountOptions): Promise<MountedPage> {
  const { bridge, component, props = {}, locale = 'en', before } = options
  const broken: string[] = []
  const pinia = createPinia()
  const client = createClient({ bridge, onBroken: (what) => broken.push(what) })
  const Page = defineComponent({
    setup: () => () => h(TooltipProvider, null, { default: () => h(component, props) }),
  })
  const global = { plugins: [pinia, textsIn(locale)], provide: { [clientKey]: client } }
  if (before !== undefined) {
    const empty = mount(defineComponent({ setup: () => () => null }), { global })
    await before()
    await flushPromises()
    empty.unmount()
  }
  const wrapper = mount(Page, { global, attachTo: document.body })
  await flushPromises()
  return { wrapper, broken, unmount: () => wrapper.unmount() }
}

/** Brings the stores up as the window does, with a conversation open. */
export async function startStores(conversationId?: string): Promise<void> {
  await useSync().start()
  await flushPromises()
  const view = useView()
  if (conversationId !== undefined) view.openConversation(conversationId)
  await view.report()
}

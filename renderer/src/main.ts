/** Starts the page: bridge, stores, texts, and the net for errors nobody caught. */
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { chatOfFragment } from '#common/contract/chatWindow.ts'
import App from './App.vue'
import ChatWindow from './ChatWindow.vue'
import { createClient } from './bridge/client.ts'
import { createErrorNet } from './bridge/errorNet.ts'
import { pageBridge } from './bridge/pageBridge.ts'
import { clientKey } from './bridge/useClient.ts'
import { createTexts, firstLocale, loadTexts } from './i18n/i18n.ts'
import './styles/tokens.css'
import './styles/highContrast.css'
import './styles/base.css'

const bridge = pageBridge()
const errorNet = createErrorNet(bridge)
const client = createClient({
  bridge,
  onBroken: (what) => errorNet.report(new Error(`The contract was broken: ${what}`)),
})

const locale = firstLocale()
const texts = createTexts(locale, { [locale]: await loadTexts(locale) })
const chat = chatOfFragment(location.hash)
const app = chat === null ? createApp(App) : createApp(ChatWindow, { chat })
app.config.errorHandler = errorNet.report
app.use(createPinia())
app.use(texts)
app.provide(clientKey, client)
app.mount('#app')

/** The real page on a fake bridge, with the scene that the address names; for looking, and for tests in a browser. */
import { createFakeBridge } from '../fakes/fakeBridge.ts'
import { isScene, sceneWorld } from './scenes.ts'

const wanted = new URLSearchParams(location.search)
const scene = wanted.get('scene') ?? ''
const locale = wanted.get('locale') === 'zh-CN' ? 'zh-CN' : 'en'
const theme = wanted.get('theme') === 'dark' ? 'dark' : 'light'

const bridge = createFakeBridge(sceneWorld(isScene(scene) ? scene : 'chat', locale, theme))
Object.defineProperties(window, { godwit: { value: bridge }, fakeBridge: { value: bridge } })
await import('../../../renderer/src/main.ts')

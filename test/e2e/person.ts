/**
 * A person at a running Godwit, using only what a screen reader would: roles and names of the accessible surface. The
 * app runs in English here.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Locator, Page } from 'playwright-core'
import { type ManagedAccount, managedConfiguration } from '../server/managedConfig.ts'
import { plainSeed } from '../server/seed.ts'
import type { DemoServer } from '../server/server.ts'
import type { DialectName } from '../server/types.ts'
import { type BackendName, type LaunchedApp, launch } from './launch.ts'

const patienceMs = 20_000
/** What the pictures need in both languages; the rest speaks English. */
const names = {
  en: { composer: 'Message', timeline: 'Messages' },
  'zh-CN': { composer: '消息内容', timeline: '消息' },
}

export interface PersonOptions {
  readonly server: DemoServer
  readonly dialect: DialectName
  readonly userId: string
  /** Where this person's data lies; kept over restarts. */
  readonly dir: string
  readonly backend: BackendName
  readonly lang?: 'en' | 'zh-CN'
  /** Further switches for the app. */
  readonly args?: readonly string[]
  /** Further variables of the environment. */
  readonly env?: Record<string, string>
  /** Another main script than the built app's. */
  readonly main?: string
  /** The test attacks the page, which says so on its console. */
  readonly attacked?: true
  /** The managed account as it is written at each start; default: as it comes, with a fresh token. */
  readonly configure?: (account: ManagedAccount) => object
}

export class Person {
  readonly userId: string
  readonly dataDir: string
  readonly #options: PersonOptions
  #app: LaunchedApp | null = null
  #page: Page | null = null

  constructor(options: PersonOptions) {
    this.#options = options
    this.userId = options.userId
    this.dataDir = join(options.dir, options.userId)
  }

  get #names(): (typeof names)['en'] {
    return names[this.#options.lang ?? 'en']
  }

  get page(): Page {
    if (this.#page === null) throw new Error(`${this.userId} has not started the app`)
    return this.#page
  }

  get app(): LaunchedApp {
    if (this.#app === null) throw new Error(`${this.userId} has not started the app`)
    return this.#app
  }

  /** Starts the app, signed in by a managed configuration, and waits for the window. */
  async start(): Promise<void> {
    const { server, dialect, backend, dir, lang = 'en', configure, args = [], env, main, attacked } = this.#options
    mkdirSync(dir, { recursive: true })
    const managedConfig = join(dir, `${this.userId}.json`)
    const configuration = managedConfiguration({ server, seed: plainSeed, userId: this.userId, dialects: [dialect] })
    const accounts = configure === undefined ? configuration.accounts : configuration.accounts.map(configure)
    writeFileSync(managedConfig, JSON.stringify({ accounts }))
    const started = {
      ...(env !== undefined && { env }),
      ...(main !== undefined && { main }),
      ...(attacked && { attacked }),
    }
    this.#app = await launch({ userDataDir: this.dataDir, lang, managedConfig, backend, args, ...started })
    this.#page = await this.#app.page()
    this.#page.setDefaultTimeout(patienceMs)
  }

  async quit(): Promise<void> {
    const app = this.#app
    this.#app = null
    this.#page = null
    await app?.quit()
  }

  /** The power is cut. */
  async kill(): Promise<void> {
    const app = this.#app
    this.#app = null
    this.#page = null
    await app?.kill()
  }

  /** Does not wait for the next try by itself, which is spread over many seconds after a server went. */
  async triesNow(): Promise<void> {
    const button = this.page.getByRole('button', { name: 'Try now' })
    const online = this.status().filter({ hasText: 'Online' })
    while ((await online.count()) === 0) {
      await button.click({ timeout: 500 }).catch(() => undefined)
      await online.waitFor({ timeout: 1_000 }).catch(() => undefined)
    }
  }

  status(): Locator {
    return this.page.getByRole('status', { name: 'Connection' })
  }

  async isOnline(): Promise<void> {
    await this.seesStatus('Online')
  }

  async seesStatus(text: string | RegExp): Promise<void> {
    await this.status()
      .filter({ hasText: text })
      .waitFor({ timeout: 2 * patienceMs })
  }

  conversation(title: string): Locator {
    return this.page.getByRole('listbox').getByRole('option', { name: new RegExp(`^${escapeRegExp(title)}[,，]`) })
  }

  async opens(title: string): Promise<void> {
    await this.conversation(title).click()
    await this.composer().waitFor()
  }

  async startsChatWith(userId: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New chat' }).click()
    await this.page.getByLabel('User ID').fill(userId)
    await this.page.getByRole('button', { name: 'Open chat' }).click()
    await this.composer().waitFor()
  }

  composer(): Locator {
    return this.page.getByRole('textbox', { name: this.#names.composer, exact: true })
  }

  /** Types without sending, and leaves the field, so that it is kept as a draft. */
  async drafts(text: string): Promise<void> {
    await this.composer().fill(text)
    await this.composer().blur()
  }

  /** Signs in again with another token, from the form that asks for it. */
  async signsInWith(token: string): Promise<void> {
    await this.page.getByLabel('Token').fill(token)
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click()
  }

  /** Leaves the panel it shows for one of the sections of the rail. */
  async goesTo(section: 'Chats' | 'Announcements' | 'Settings' | 'Diagnostics'): Promise<void> {
    await this.page
      .getByRole('navigation', { name: 'Sections' })
      .getByRole('button', { name: new RegExp(`^${section}`) })
      .click()
  }

  /** Types and presses Enter. */
  async says(text: string): Promise<void> {
    const box = this.composer()
    await box.fill(text)
    await box.press('Enter')
    await this.messages().filter({ hasText: text }).last().waitFor()
  }

  messages(): Locator {
    return this.page.getByRole('log', { name: this.#names.timeline }).getByRole('article')
  }

  message(text: string): Locator {
    return this.messages().filter({ hasText: text })
  }

  async sees(text: string): Promise<void> {
    await this.message(text).last().waitFor()
  }

  /** The message in the state, e.g. `sent`. Later states count as well. */
  async seesState(text: string, ...states: readonly string[]): Promise<void> {
    const wanted = states.map((state) => `article[data-state="${state}"]`).join(',')
    await this.page
      .getByRole('log', { name: this.#names.timeline })
      .locator(wanted)
      .filter({ hasText: text })
      .last()
      .waitFor()
  }

  async hasDelivered(text: string): Promise<void> {
    await this.seesState(text, 'sent', 'delivered', 'read')
  }

  /** Chooses from the message's menu, by keyboard. */
  async does(action: string, text: string): Promise<void> {
    const message = this.message(text).last()
    await message.focus()
    await message.click({ button: 'right' })
    await this.page.getByRole('menuitem', { name: action, exact: true }).click()
  }

  /** What the timeline shows, oldest first: `sender: text`, without times and marks. */
  async transcript(): Promise<string[]> {
    return this.messages().evaluateAll((articles) =>
      articles.map((article) => article.getAttribute('aria-label') ?? ''),
    )
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

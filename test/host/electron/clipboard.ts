/** `clipboard`: of this process alone, so that tests running side by side do not share one. */
import type { Clipboard as ElectronClipboard } from 'electron'
import { type Emulated, strictObject } from './strict.ts'

type Payload = string | Blob | Promise<Blob | string>

export class ClipboardItem {
  readonly #payloads: Record<string, Payload>
  readonly types: string[]

  constructor(items: Record<string, Payload>) {
    this.#payloads = items
    this.types = Object.keys(items)
  }

  async getType(type: string): Promise<Blob> {
    if (!Object.hasOwn(this.#payloads, type)) throw new Error(`The type '${type}' was not found`)
    const payload = await this.#payloads[type]
    return payload instanceof Blob ? payload : new Blob([payload ?? ''], { type })
  }
}

type Item = Pick<ClipboardItem, 'types' | 'getType'>

export function createClipboard() {
  let items: Item[] = []
  const find = (type: string): Item | undefined => items.find((item) => item.types.includes(type))

  return strictObject('clipboard', {
    async readText(): Promise<string> {
      const blob = await find('text/plain')?.getType('text/plain')
      return blob ? blob.text() : ''
    },
    async writeText(text: string): Promise<void> {
      items = [new ClipboardItem({ 'text/plain': text })]
    },
    read: async () => [...items],
    async write(data: Item[]): Promise<void> {
      items = [...data]
    },
    has: async (type: string) => find(type) !== undefined,
    clear(): void {
      items = []
    },
  } satisfies Emulated<ElectronClipboard, 'read' | 'write'>)
}

/** `WebFrameMain`: one frame of a page, as `event.senderFrame` and `webContents.mainFrame` show it. */
import type { FrameState, Page } from '../chromium/page.ts'
import { IpcMain } from './ipcMain.ts'
import type { SchemeMap } from './schemeMap.ts'
import { emitterBase } from './strict.ts'

/** Pages are processes of their own to the app; the number only has to be stable. */
const processId = 1

export interface FrameOwner {
  page(): Page | undefined
  schemes: SchemeMap
  frame(id: string): WebFrameMain
  send(frameId: string, channel: string, args: unknown[]): void
}

export class WebFrameMain extends emitterBase('WebFrameMain') {
  readonly #frameId: () => string
  readonly #owner: FrameOwner
  readonly routingId: number
  readonly frameTreeNodeId: number
  readonly processId = processId
  readonly ipc = new IpcMain()

  constructor(owner: FrameOwner, frameId: () => string, routingId: number) {
    super()
    this.#owner = owner
    this.#frameId = frameId
    this.routingId = routingId
    this.frameTreeNodeId = routingId
  }

  get #id(): string {
    return this.#frameId()
  }
  get #state(): FrameState | undefined {
    return this.#owner.page()?.frame(this.#id)
  }
  get url(): string {
    return this.#owner.schemes.toApp(this.#state?.url ?? '')
  }
  get origin(): string {
    const origin = this.#state?.origin ?? 'null'
    return origin === '://' ? 'null' : this.#owner.schemes.toApp(origin)
  }
  get name(): string {
    return this.#state?.name ?? ''
  }
  get frameToken(): string {
    return this.#id
  }
  get detached(): boolean {
    return this.#state === undefined
  }
  get parent(): WebFrameMain | null {
    const parentId = this.#state?.parentId
    return parentId === undefined ? null : this.#owner.frame(parentId)
  }
  get top(): WebFrameMain | null {
    return this.parent?.top ?? this
  }
  get frames(): WebFrameMain[] {
    const all = this.#owner.page()?.frames() ?? []
    return all.filter((frame) => frame.parentId === this.#id).map((frame) => this.#owner.frame(frame.id))
  }
  get framesInSubtree(): WebFrameMain[] {
    return [this, ...this.frames.flatMap((frame) => frame.framesInSubtree)]
  }

  isDestroyed(): boolean {
    return this.#state === undefined
  }
  send(channel: string, ...args: unknown[]): void {
    this.#owner.send(this.#id, channel, args)
  }
  async executeJavaScript(code: string, userGesture = false): Promise<unknown> {
    if (this.parent) throw new Error('host: electron.WebFrameMain.executeJavaScript is not emulated for child frames')
    return this.#owner.page()?.evaluate(code, userGesture)
  }
}

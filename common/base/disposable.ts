/** Whatever holds a listener, a timer or a socket gives it back here; calling twice is harmless. */
export interface Disposable {
  dispose(): void
}

/** Disposes in reverse order of adding, each exactly once. */
export class DisposableStack implements Disposable {
  #items: Disposable[] = []
  #disposed = false

  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose()
    else this.#items.push(item)
    return item
  }

  defer(undo: () => void): void {
    this.add({ dispose: undo })
  }

  dispose(): void {
    this.#disposed = true
    for (const item of this.#items.splice(0).reverse()) item.dispose()
  }
}

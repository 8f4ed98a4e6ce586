/** `nativeImage`: keeps PNG (or other) bytes as they are and knows their size; it cannot decode or resample. */
import { readFileSync } from 'node:fs'
import type { NativeImage as ElectronNativeImage } from 'electron'
import { type Emulated, emitterBase, strictObject } from './strict.ts'

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

export class NativeImage extends emitterBase('NativeImage') implements Emulated<ElectronNativeImage, 'resize'> {
  readonly #bytes: Buffer
  readonly #size: { width: number; height: number } | undefined
  isMacTemplateImage = false
  /** Where it came from, for tests. */
  readonly hostPath: string

  constructor(bytes: Buffer, size?: { width: number; height: number }, hostPath = '') {
    super()
    this.#bytes = bytes
    this.#size = size
    this.hostPath = hostPath
  }

  isEmpty(): boolean {
    return this.#bytes.length === 0
  }
  getSize(): { width: number; height: number } {
    if (this.#size) return this.#size
    const isPng = this.#bytes.subarray(0, 8).equals(pngSignature)
    return isPng
      ? { width: this.#bytes.readUInt32BE(16), height: this.#bytes.readUInt32BE(20) }
      : { width: 0, height: 0 }
  }
  getAspectRatio(): number {
    const { width, height } = this.getSize()
    return height === 0 ? 1 : width / height
  }
  getScaleFactors(): number[] {
    return [1]
  }
  toPNG(): Buffer {
    return Buffer.from(this.#bytes)
  }
  toDataURL(): string {
    return `data:image/png;base64,${this.#bytes.toString('base64')}`
  }
  /** The same pixels under another size: enough for what only has a size to the desktop. */
  resize({ width, height }: { width?: number; height?: number }): NativeImage {
    const ratio = this.getAspectRatio()
    const size = this.getSize()
    const wide = width ?? (height === undefined ? size.width : Math.round(height * ratio))
    return new NativeImage(this.#bytes, { width: wide, height: height ?? Math.round(wide / ratio) })
  }
  setTemplateImage(option: boolean): void {
    this.isMacTemplateImage = option
  }
  isTemplateImage(): boolean {
    return this.isMacTemplateImage
  }
  addRepresentation(): void {
    // One representation is all a recorded image needs.
  }
}

export const nativeImage = strictObject('nativeImage', {
  createEmpty: () => new NativeImage(Buffer.alloc(0)),
  createFromBuffer: (buffer: Buffer) => new NativeImage(Buffer.from(buffer)),
  createFromDataURL: (url: string) => new NativeImage(Buffer.from(url.slice(url.indexOf(',') + 1), 'base64')),
  createFromPath(path: string): NativeImage {
    try {
      return new NativeImage(readFileSync(path), undefined, path)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      return new NativeImage(Buffer.alloc(0))
    }
  },
})

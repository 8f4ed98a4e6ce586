/** `nativeTheme`: the desktop's colours, as a switch or a test sets them, and the app's wish about them. */
import type { NativeTheme as ElectronNativeTheme } from 'electron'
import { type Emulated, emitterBase } from './strict.ts'

type ThemeSource = ElectronNativeTheme['themeSource']

export class NativeTheme extends emitterBase('nativeTheme') implements Emulated<ElectronNativeTheme> {
  readonly shouldUseHighContrastColors = false
  readonly shouldUseInvertedColorScheme = false
  readonly shouldDifferentiateWithoutColor = false
  readonly inForcedColorsMode = false
  readonly prefersReducedTransparency = false
  readonly #onChange: (dark: boolean) => void
  #systemDark: boolean
  #themeSource: ThemeSource = 'system'

  constructor(options: { dark: boolean; onChange(dark: boolean): void }) {
    super()
    this.#systemDark = options.dark
    this.#onChange = options.onChange
  }

  get shouldUseDarkColors(): boolean {
    return this.#themeSource === 'system' ? this.#systemDark : this.#themeSource === 'dark'
  }
  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return this.#systemDark
  }
  get themeSource(): ThemeSource {
    return this.#themeSource
  }
  set themeSource(source: ThemeSource) {
    if (!['system', 'light', 'dark'].includes(source))
      throw new TypeError('Error processing argument at index 0, conversion failure from ' + source)
    this.#change(() => (this.#themeSource = source))
  }

  /** The user switches the desktop to dark or light. */
  hostSetSystemDark(dark: boolean): void {
    this.#change(() => (this.#systemDark = dark))
  }

  #change(apply: () => void): void {
    const before = this.shouldUseDarkColors
    apply()
    if (before !== this.shouldUseDarkColors) this.#onChange(this.shouldUseDarkColors)
    queueMicrotask(() => this.emit('updated'))
  }
}

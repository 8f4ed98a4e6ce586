/** The globals of the platform that the core uses: they exist in Node, Electron and browsers alike. */
declare class TextEncoder {
  encode(text: string): Uint8Array
}

declare class URL {
  constructor(text: string, base?: string)
  static canParse(text: string, base?: string): boolean
  protocol: string
  username: string
  password: string
  pathname: string
  search: string
  hash: string
  readonly hostname: string
  readonly href: string
}

/** The only global of the platform that the core uses: it exists in Node, Electron and browsers alike. */
declare class TextEncoder {
  encode(text: string): Uint8Array
}

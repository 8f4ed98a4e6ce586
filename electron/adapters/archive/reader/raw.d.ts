/** A file's own text, put in by the bundler. */
declare module '*?raw' {
  const text: string
  export { text as default }
}

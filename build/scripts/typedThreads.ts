/**
 * Flags for every process in which tests start threads from `.ts` files.
 *
 * Node strips their types in WebAssembly, one instance per thread. V8 replaces that code by faster code while it runs and
 * frees the old one. The core of a process that died with many such threads stands in that freeing, as in
 * nodejs/node#64500; it was not reproduced apart from the tests. Code that is never replaced is never freed. The packed
 * app strips nothing.
 */
export const typedThreadFlags = ['--liftoff-only', '--wasm-wrapper-tiering-budget=2147483647']

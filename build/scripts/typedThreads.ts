/**
 * Flags for every process in which tests start threads from `.ts` files.
 *
 * Node strips their types in WebAssembly, one instance per thread. V8 replaces that code by faster code while it runs and
 * frees the old one; doing so in several threads at once now and then ends the process with SIGSEGV (nodejs/node#64500,
 * seen here in the store's threads). Code that is never replaced is never freed. The packed app strips nothing.
 */
export const typedThreadFlags = ['--liftoff-only', '--wasm-wrapper-tiering-budget=2147483647']

/** How many damaged frames to try in all: a tenth of a million in the test suite, a million by `npm run fuzz`. */
const asked = Number(process.env['GODWIT_FUZZ_FRAMES'] ?? 100_000)
const targets = 4

export const framesPerTarget = Math.ceil(asked / targets)
/** Counted, not timed, but a million take their time. */
export const fuzzTimeoutMs = Math.max(120_000, asked * 3)

/** The form of the coverage table: what a document asks for, and the tests that prove that it is so. */

/** A test by its file, the end of its title as it is written there, and the words of the case it is run with. */
export interface Proof {
  readonly file: string
  readonly title: string
  readonly with?: string
}

export interface Row {
  /** Unique; never used again for something else. */
  readonly id: string
  readonly section: string
  readonly what: string
  readonly proofs: readonly Proof[]
}

export interface Table {
  readonly title: string
  readonly rows: readonly Row[]
}

/** Proofs out of one file: the title, and for a test of many cases the one that is meant. */
export type Prover = (title: string, withCase?: string) => Proof

export function testsIn(file: string): Prover {
  return (title, withCase) => (withCase === undefined ? { file, title } : { file, title, with: withCase })
}

export function row(id: string, section: string, what: string, ...proofs: readonly Proof[]): Row {
  return { id, section, what, proofs }
}

export const boundary = testsIn('test/dialect/im2.test.ts')
export const documents = testsIn('test/dialect/documents.test.ts')
export const contents = testsIn('test/dialect/contentDocument.test.ts')
export const bus = testsIn('test/dialect/im2BusEvents.test.ts')
export const serverErrors = testsIn('test/dialect/serverErrors.test.ts')
export const xuqm = testsIn('test/dialect/xuqm.test.ts')
export const effects = testsIn('test/unit/core/im2Effects.test.ts')
export const events = testsIn('test/unit/core/sessionEvents.test.ts')
export const xuqmEvents = testsIn('test/unit/core/sessionEvents.xuqm.test.ts')
export const policy = testsIn('test/unit/core/policy.test.ts')
export const quirks = testsIn('test/unit/core/quirks.test.ts')
export const session = testsIn('test/unit/core/session.test.ts')
export const supervisor = testsIn('test/unit/core/connection.test.ts')
export const pulse = testsIn('test/unit/core/pulse.test.ts')
export const outbox = testsIn('test/unit/core/outbox.test.ts')
export const link = testsIn('test/unit/stomp/link.test.ts')
export const frames = testsIn('test/unit/stomp/frameReader.test.ts')
export const problems = testsIn('test/unit/stomp/problems.test.ts')
export const sockJs = testsIn('test/unit/stomp/sockJs.test.ts')
export const ingest = testsIn('test/store/ingest.test.ts')
export const timeline = testsIn('test/store/timeline.test.ts')
export const convergence = testsIn('test/store/convergence.test.ts')
export const broker = testsIn('test/interop/broker.test.ts')
export const unknownFields = testsIn('test/fuzz/unknownFields.test.ts')
export const chatApp = testsIn('test/e2e/chat.e2e.ts')
export const signInApp = testsIn('test/e2e/signIn.e2e.ts')
export const sockJsApp = testsIn('test/e2e/sockjs.e2e.ts')
export const upload = testsIn('test/unit/http/upload.test.ts')
export const sniff = testsIn('test/unit/attachments/sniff.test.ts')
export const userText = testsIn('test/renderer/userText.test.ts')

/** A frame written by protoc, as binary, base64 and both forms of JSON. */
export function vector(name: string): Proof {
  return { file: 'test/dialect/im2Vectors.test.ts', title: '%s decodes to what it says', with: name }
}

/** A sample of a document, word for word, into the rows of the store. */
export function sample(name: string): Proof {
  return documents('%s', name)
}

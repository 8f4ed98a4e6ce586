/**
 * What this server has shown so far to prove that a command arrived (section 3 of our protocol reading). Kept as facts
 * of the account; learned again where they were lost. It must never forget while the program runs.
 */
import { parseJson } from '#common/base/json.ts'
import type { QueuedCommand } from '#common/domain/commands.ts'
import { type DeliveryProof, deliveryProofs } from '#common/domain/delivery.ts'
import type { Store } from './ports/store.ts'

type CommandType = QueuedCommand['type']

const proofsFact = 'learnedProofs'
const commandsFact = 'learnedCommands'
const answersFact = 'learnedAnswers'

export interface LearnedProofsOptions {
  readonly store: Pick<Store, 'readFact' | 'writeFact'>
  /** A fact could not be kept. */
  readonly onRefused: (error: unknown) => void
}

export class LearnedProofs {
  readonly #options: LearnedProofsOptions
  readonly #proofs = new Set<DeliveryProof>()
  readonly #commands = new Set<string>()
  #answers = false
  #loaded = false

  constructor(options: LearnedProofsOptions) {
    this.#options = options
  }

  /** Rejects as the store does; then it can be asked again. */
  async load(): Promise<void> {
    if (this.#loaded) return
    const { store } = this.#options
    const known = { proofs: await store.readFact(proofsFact), commands: await store.readFact(commandsFact) }
    for (const name of namesIn(known.proofs)) {
      const proof = deliveryProofs.find((one) => one === name)
      if (proof !== undefined) this.#proofs.add(proof)
    }
    for (const name of namesIn(known.commands)) this.#commands.add(name)
    if ((await store.readFact(answersFact)) !== null) this.#answers = true
    this.#loaded = true
  }

  /** Never showed anything: then a connection that lives on has to do. */
  get isSilent(): boolean {
    return this.#proofs.size === 0
  }

  /** Whether the server tells its own ids of our messages, by what comes back. */
  get namesMessages(): boolean {
    return this.#proofs.has('echo') || this.#proofs.has('status')
  }

  /**
   * Whether a proof is to be expected of such a command. Receipts are given for everything or for nothing; anything else
   * may be given for one kind only, or, like a message that comes back with the next sync, never on the link it went by.
   */
  proves(command: CommandType): boolean {
    return this.#proofs.has('receipt') || this.#commands.has(command)
  }

  /** Whether it has ever answered a ping: then nothing less says that it hears us. */
  get answersPings(): boolean {
    return this.#answers
  }

  learnAnswers(): void {
    if (this.#answers) return
    this.#answers = true
    this.#write(answersFact, 'true')
  }

  learn(proof: DeliveryProof): void {
    if (proof === 'alive' || this.#proofs.has(proof)) return
    this.#proofs.add(proof)
    this.#keep(proofsFact, this.#proofs)
  }

  learnCommand(command: CommandType): void {
    if (this.#commands.has(command)) return
    this.#commands.add(command)
    this.#keep(commandsFact, this.#commands)
  }

  #keep(fact: string, names: ReadonlySet<string>): void {
    this.#write(fact, JSON.stringify([...names]))
  }

  #write(fact: string, value: string): void {
    this.#options.store.writeFact(fact, value).catch(this.#options.onRefused)
  }
}

function namesIn(fact: string | null): readonly string[] {
  const names = fact === null ? [] : parseJson(fact)
  return Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
}

/**
 * A service of a test's own on a real bus, for what no daemon here can be made to do: an answer typed into a
 * notification, a signal that overtakes, a stranger that lies. Answers and signals are sent exactly when a test says.
 */
import { Message, MessageType, type MessageBus, sessionBus } from '@jellybrick/dbus-next'

export interface ServiceCall {
  readonly interface: string
  readonly member: string
  readonly body: readonly unknown[]
  answer(signature: string, ...body: unknown[]): void
  refuse(error: string): void
}

export interface OwnService {
  /** All calls but those for properties nobody asked for, oldest first. */
  readonly calls: readonly ServiceCall[]
  signal(from: { path: string; interface: string }, member: string, signature: string, ...body: unknown[]): void
  stop(): Promise<void>
}

export interface OwnServiceOptions {
  readonly address: string
  /** Null: a stranger with no name of his own. */
  readonly name: string | null
  readonly onCall?: (call: ServiceCall) => void
}

export async function startService({ address, name, onCall }: OwnServiceOptions): Promise<OwnService> {
  const bus = await connected(sessionBus({ busAddress: address }))
  const calls: ServiceCall[] = []
  bus.addMethodHandler((message) => {
    if (!(message instanceof Message) || message.type !== MessageType.METHOD_CALL) return false
    const call: ServiceCall = {
      interface: message.interface,
      member: message.member,
      body: message.body,
      answer: (signature, ...body) => bus.send(Message.newMethodReturn(message, signature, body)),
      refuse: (error) => bus.send(Message.newError(message, error, 'refused by the test')),
    }
    calls.push(call)
    onCall?.(call)
    return true
  })
  if (name !== null) await bus.requestName(name, 0)
  return {
    calls,
    signal: ({ path, interface: from }, member, signature, ...body) =>
      bus.send(Message.newSignal(path, from, member, signature, body)),
    async stop() {
      if (name !== null) await bus.releaseName(name)
      bus.disconnect()
    },
  }
}

function connected(bus: MessageBus): Promise<MessageBus> {
  return new Promise((resolve) => bus.once('connect', () => resolve(bus)))
}

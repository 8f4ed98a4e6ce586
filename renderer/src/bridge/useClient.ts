import { type InjectionKey, inject } from 'vue'
import type { Client } from './client.ts'

export const clientKey: InjectionKey<Client> = Symbol('client')

/** The client the app was started with; stores and components take it from here, so that a test can pass its own. */
export function useClient(): Client {
  const client = inject(clientKey)
  if (client === undefined) throw new Error('The app was started without a client')
  return client
}

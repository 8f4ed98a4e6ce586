/** A managed configuration (section 5 of the protocol page) that signs an app in as one of the demo people. */
import type { Seed } from './seed.ts'
import type { DemoServer } from './server.ts'
import type { DialectName } from './types.ts'

export interface ManagedConfigurationInput {
  readonly server: DemoServer
  readonly seed: Seed
  readonly userId: string
  /** One account each. */
  readonly dialects: readonly DialectName[]
}

export interface ManagedAccount {
  readonly dialect: DialectName
  readonly url: string
  readonly userId: string
  readonly token: string
  readonly appKey?: string
  readonly groups: readonly { readonly id: string; readonly name: string }[]
  readonly contacts: readonly { readonly userId: string; readonly nickname: string }[]
  readonly upload: { readonly url: string; readonly field: string; readonly responsePath: string }
}

export function managedConfiguration({ server, seed, userId, dialects }: ManagedConfigurationInput): {
  accounts: ManagedAccount[]
} {
  if (!seed.users.some((user) => user.userId === userId)) throw new Error(`no user "${userId}" in the seed`)
  return {
    accounts: dialects.map((dialect) => ({
      dialect,
      url: server.url(dialect),
      userId,
      token: server.issueToken(userId),
      ...(dialect === 'xuqm' ? { appKey: server.appKey } : {}),
      groups: seed.groups
        .filter((group) => group.members.some((member) => member.userId === userId))
        .map(({ groupId, name }) => ({ id: groupId, name })),
      contacts: seed.users.map((user) => ({ userId: user.userId, nickname: user.nickname })),
      upload: { url: `${server.origin}/upload`, field: 'file', responsePath: 'url' },
    })),
  }
}

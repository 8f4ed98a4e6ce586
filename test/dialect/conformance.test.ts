import { dialectNames } from '#common/domain/account.ts'
import { dialects } from '#electron/dialect/registry.ts'
import { describeConformance } from './conformance.ts'
import { serverWords } from './servers/serverWords.ts'

for (const name of dialectNames) describeConformance(dialects[name], serverWords[name])

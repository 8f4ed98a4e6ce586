/**
 * `npm run bench -- [--pairs N] [--only G1]`: one line per goal, and `.godwit/bench.json`. Ratios within one run, so that
 * the machine cancels out. Exit code 1 when a goal is missed.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { g1 } from './g1.ts'
import { g2 } from './g2.ts'
import { g3 } from './g3.ts'

const { values } = parseArgs({ options: { pairs: { type: 'string', default: '25' }, only: { type: 'string' } } })
const benches = [g1, g2, g3].filter(({ id }) => values.only === undefined || values.only === id)
const results = []
for (const bench of benches) {
  const result = await bench.run(Number(values.pairs))
  const verdict = result.ratio >= bench.stretch ? 'stretch' : result.ratio >= bench.goal ? 'ok' : 'MISSED'
  const detail = Object.entries(result.detail).map(
    ([name, value]) => `${name} ${Math.round(value).toLocaleString('en')}`,
  )
  console.log(
    `${bench.id} ${bench.title}: ${result.ratio.toFixed(2)}× (goal ≥ ${bench.goal}, stretch ${bench.stretch}) ${verdict} · ${detail.join(', ')} · ${result.pairs} pairs`,
  )
  results.push({ id: bench.id, title: bench.title, goal: bench.goal, stretch: bench.stretch, verdict, ...result })
}
mkdirSync('.godwit', { recursive: true })
writeFileSync(
  '.godwit/bench.json',
  `${JSON.stringify({ node: process.version, platform: process.platform, results }, null, 2)}\n`,
)
process.exitCode = results.some(({ verdict }) => verdict === 'MISSED') ? 1 : 0

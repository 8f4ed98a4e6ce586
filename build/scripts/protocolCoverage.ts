/**
 * `npm run coverage:protocol`: writes docs/protocol-coverage.md, the table of everything both documents name and the
 * tests that prove it. Without `--write` it only checks, as `npm run check` does.
 *
 * Promises: fails, naming each one, when a row has no proof, when a proof names a test or a case that is not there, when
 * an id stands twice, or when the committed table is not what the rows say.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { im2Rows } from './protocolRows/im2.ts'
import type { Proof, Row, Table } from './protocolRows/row.ts'
import { springRows } from './protocolRows/spring.ts'
import { xuqmRows } from './protocolRows/xuqm.ts'
import { projectDir, runNode, toolPath } from './run.ts'

const tables: readonly Table[] = [
  { title: 'IM 2.0.0 (`im2`)', rows: im2Rows },
  { title: 'XuqmGroup IM (`xuqm`)', rows: xuqmRows },
  { title: 'Spring’s servers', rows: springRows },
]
const document = join(projectDir, 'docs/protocol-coverage.md')

/** Titles by file, as they are written: `describe > it`, with the placeholders of cases. */
async function titlesOf(files: readonly string[]): Promise<Map<string, readonly string[]>> {
  const dir = mkdtempSync(join(tmpdir(), 'godwit-coverage-'))
  try {
    const list = join(dir, 'tests.json')
    const code = await runNode(toolPath('vitest'), ['list', ...files, `--json=${list}`], { silent: true })
    if (code !== 0) throw new Error(`vitest list ended with ${code}`)
    const titles = new Map<string, string[]>()
    for (const { file, name } of JSON.parse(readFileSync(list, 'utf8')) as { file: string; name: string }[]) {
      const path = relative(projectDir, file).replaceAll('\\', '/')
      titles.set(path, [...(titles.get(path) ?? []), name.replace(/\\(["'`])/g, '$1')])
    }
    return titles
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function problemsOf(rows: readonly Row[], titles: ReadonlyMap<string, readonly string[]>): string[] {
  const seen = new Set<string>()
  return rows.flatMap(({ id, proofs }) => {
    const found = proofs.flatMap((proof) => problemOf(proof, titles).map((problem) => `${id}: ${problem}`))
    if (proofs.length === 0) found.push(`${id}: no test proves it`)
    if (seen.has(id)) found.push(`${id}: stands twice`)
    seen.add(id)
    return found
  })
}

function problemOf({ file, title, with: words }: Proof, titles: ReadonlyMap<string, readonly string[]>): string[] {
  const known = titles.get(file) ?? []
  if (!known.some((name) => name === title || name.endsWith(` > ${title}`))) return [`${file} has no test “${title}”`]
  if (words === undefined || readFileSync(join(projectDir, file), 'utf8').includes(words)) return []
  return [`${file} has no case ${words}`]
}

function markdown(): string {
  const count = tables.reduce((sum, { rows }) => sum + rows.length, 0)
  return [
    '# What the protocols ask for, and what proves it',
    '',
    `Written by \`npm run coverage:protocol\` from \`build/scripts/protocolRows\`; \`npm run check\` fails when a row has no test. ${count} rows. *(ours)* marks a reading of ours where a document is silent.`,
    '',
    ...tables.flatMap(({ title, rows }) => [
      `## ${title}`,
      '',
      '| section | what | proved by |',
      '| --- | --- | --- |',
      ...rows.map(
        ({ id, section, what, proofs }) =>
          `| ${section} | <a id="${id}"></a>${escaped(what)} | ${proofs.map(described).join('<br>')} |`,
      ),
      '',
    ]),
  ].join('\n')
}

function described({ file, title, with: words }: Proof): string {
  const of = words === undefined ? '' : ` · \`${words.replaceAll('|', '\\|')}\``
  return `[${file.replace(/^test\//, '')}](../${file}): ${escaped(title)}${of}`
}

function escaped(text: string): string {
  return text.replace(/[|<>*_{}]/g, (character) => `\\${character}`)
}

const rows = tables.flatMap((table) => table.rows)
const files = [...new Set(rows.flatMap(({ proofs }) => proofs.map(({ file }) => file)))]
const problems = problemsOf(rows, await titlesOf(files))
if (process.argv.includes('--write')) writeFileSync(document, markdown())
else if (readFileSync(document, 'utf8') !== markdown()) {
  problems.push('docs/protocol-coverage.md is not what the rows say: npm run coverage:protocol')
}
for (const problem of problems) console.error(problem)
if (problems.length === 0) console.log(`${rows.length} rows proved`)
process.exitCode = problems.length === 0 ? 0 : 1

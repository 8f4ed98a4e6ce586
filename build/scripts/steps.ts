/**
 * The steps that judge the source without running it, shared by `npm run check` and `npm test`.
 *
 * Promises: every step runs to its end even if another failed, so that one run shows everything there is to repair;
 * a step that passes prints one line, a step that fails prints all it said.
 */
import { spawn } from 'node:child_process'
import { constants, setPriority } from 'node:os'
import { performance } from 'node:perf_hooks'
import { join } from 'node:path'
import { projectDir, toolPath } from './run.ts'

/** One program that exits with 0 when all is well. */
export interface Step {
  name: string
  file: string
  args: readonly string[]
}

/** Format, lint, import rules, unused code, types, and a test for all the protocols ask for. */
export const staticSteps: readonly Step[] = [
  { name: 'types', file: toolPath('vue-tsc'), args: ['-b'] },
  { name: 'lint', file: toolPath('eslint'), args: ['--max-warnings', '0', '.'] },
  { name: 'format', file: toolPath('prettier'), args: ['--check', '--log-level', 'warn', '.'] },
  {
    name: 'imports',
    file: toolPath('dependency-cruiser', 'depcruise'),
    args: [
      '--config',
      '.dependency-cruiser.cjs',
      '--output-type',
      'err-long',
      'common',
      'electron',
      'renderer',
      'proto',
      'test',
      'build',
    ],
  },
  { name: 'protocol', file: join(projectDir, 'build/scripts/protocolCoverage.ts'), args: [] },
  { name: 'unused', file: toolPath('knip'), args: ['--no-progress'] },
]

/**
 * Runs the steps two at a time, prints each outcome as it is known, and returns the names of those that failed. In the
 * background they have only what the machine has left.
 */
export async function runSteps(steps: readonly Step[], { inBackground = false } = {}): Promise<string[]> {
  const waiting = [...steps]
  const failed: string[] = []
  const worker = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const startedAt = performance.now()
      const { code, output } = await runStep(step, inBackground)
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      if (code === 0) {
        console.log(`✓ ${step.name} (${seconds} s)`)
      } else {
        failed.push(step.name)
        console.log(`✗ ${step.name} (${seconds} s)\n${output.trimEnd()}\n`)
      }
    }
  }
  await Promise.all([worker(), worker()])
  return failed
}

function runStep(step: Step, inBackground: boolean): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    const child = spawn(process.execPath, [step.file, ...step.args], {
      cwd: projectDir,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (inBackground && child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.once('error', (error) => done({ code: 127, output: String(error) }))
    child.once('close', (code) => done({ code: code ?? 1, output }))
  })
}

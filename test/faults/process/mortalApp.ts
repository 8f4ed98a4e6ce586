/** The built app once more, with a store's thread that can be killed alone: it ends when a file named `die` appears. */
import { cpSync, renameSync, rmSync, existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectDir } from '../../../build/scripts/run.ts'

const wrapper = `
import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { workerData } from 'node:worker_threads'
const order = join(dirname(workerData.file), 'die')
setInterval(() => {
  if (!existsSync(order)) return
  rmSync(order)
  process.exit(9)
}, 10).unref()
await import('./realStoreWorker.js')
`

/** Answers with its main script. `dir` must not exist yet. */
export function buildMortalApp(dir: string): string {
  cpSync(join(projectDir, 'out'), join(dir, 'out'), { recursive: true })
  for (const name of ['package.json', 'node_modules']) symlinkSync(join(projectDir, name), join(dir, name))
  const worker = join(dir, 'out/main/storeWorker.js')
  renameSync(worker, join(dir, 'out/main/realStoreWorker.js'))
  writeFileSync(worker, wrapper)
  return join(dir, 'out/main/index.js')
}

/** Ends the thread that has this database; resolves when it has ended. */
export async function killStoreThread(databaseFile: string): Promise<void> {
  const order = join(dirname(databaseFile), 'die')
  writeFileSync(order, '')
  while (existsSync(order)) await new Promise((next) => setTimeout(next, 5))
  rmSync(order, { force: true })
}

/**
 * `npm run proto [-- FOLDER]`: writes proto/gen, or the given folder, from the .proto files.
 *
 * Static code, because reflection needs `eval`, which the content security policy and the house forbid; `--force-long`
 * keeps 64-bit ids exact. The generated files are committed, so that a clone needs no generator.
 */
import { mkdirSync, readdirSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { projectDir, runNode, toolPath } from './run.ts'

const protoDir = join(projectDir, 'proto')
const outDir = resolve(projectDir, process.argv[2] ?? 'proto/gen')
mkdirSync(outDir, { recursive: true })

for (const file of readdirSync(protoDir).filter((name) => name.endsWith('.proto'))) {
  const out = join(outDir, `${basename(file, '.proto')}.js`)
  const code = await runNode(toolPath('protobufjs-cli', 'pbjs'), [
    ...['-t', 'static-module', '-w', 'esm', '--dts', '--force-long', '--no-service', '-r', basename(file, '.proto')],
    ...['-o', out, join(protoDir, file)],
  ])
  if (code !== 0) process.exit(code)
  console.log(`${relative(projectDir, out)} written`)
}

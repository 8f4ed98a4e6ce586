/** `npm run fuzz`: a million damaged frames, or as many as the first argument says. */
import { runNode, toolPath } from '../../build/scripts/run.ts'

const frames = process.argv[2] ?? '1000000'
process.exitCode = await runNode(toolPath('vitest'), ['run', '--project', 'fuzz'], {
  env: { GODWIT_FUZZ_FRAMES: frames },
})

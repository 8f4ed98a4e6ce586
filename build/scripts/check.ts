/** `npm run check`: what a commit must pass — format, lint, import rules, unused code, types and the quick tests. */
import { runNode, toolPath } from './run.ts'
import { runSteps, staticSteps } from './steps.ts'

const failed = await runSteps(staticSteps)
const quickProjects = ['unit', 'renderer', 'dialect', 'store'].flatMap((name) => ['--project', name])
if ((await runNode(toolPath('vitest'), ['run', ...quickProjects])) !== 0) failed.push('tests')

if (failed.length > 0) console.error(`Failed: ${failed.join(', ')}`)
process.exitCode = failed.length > 0 ? 1 : 0

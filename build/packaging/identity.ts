/** Who the program is to the systems it is installed on. These names stay: what is installed is found again by them. */
export const identity = {
  /** Windows' AppUserModelID (electron/main/systemIdentity.ts), macOS' bundle identifier, AppStream's component id. */
  appId: 'org.godwit.desktop',
  productName: 'Godwit',
  /** The command, the Linux packages, the desktop file, the icons of the theme. */
  command: 'godwit',
  /** Where the Linux packages put the program. */
  linuxFolder: '/usr/lib/godwit',
  linkScheme: 'godwit',
  homepage: 'https://godwit.example',
  maintainer: 'The Godwit authors <godwit@godwit.example>',
} as const

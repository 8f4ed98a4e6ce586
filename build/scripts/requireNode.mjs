/**
 * Loaded by `node --import` before a build script: ends with one line when this Node is too old for the script.
 *
 * It is plain JavaScript of an old kind, because a Node that is too old cannot read the scripts themselves.
 */
// The first release that runs TypeScript files as they are; the SQLite binding asks for a little less.
const oldest = [22, 18]

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < oldest[0] || (major === oldest[0] && minor < oldest[1])) {
  console.error(
    `Node ${process.versions.node} is too old: Godwit needs ${oldest.join('.')} or newer, from https://nodejs.org (on Linux x64, \`npm ci\` brings one along).`,
  )
  process.exit(1)
}

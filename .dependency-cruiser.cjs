/**
 * Who may import whom: the rooms of the house, in docs/architecture.md. What can be read off a single file is in
 * eslint.config.js.
 *
 * Type imports count as imports. test/fences plants an offence against each rule in `.ts` and `.vue` files and sees it
 * refused under the rule's name; a rule without such a test is not finished.
 */

/** What a room may import: its own code and what is listed; everything else in the repository is refused. */
const room = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: '^(common|electron|proto|renderer|test|build)/', pathNot: allowed },
})

/** A library that may be used in one place only, so that it can be replaced there. */
const library = (name, packages, places, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: '^(common|electron|proto|renderer)/', pathNot: places },
  to: { path: `node_modules/(@types/)?(${packages})/` },
})

module.exports = {
  forbidden: [
    room('common-alone', '^common/', ['^common/'], 'common is what everybody may import, so it imports nobody.'),
    room('core-pure', '^electron/core/', ['^common/', '^electron/core/'], 'core knows ports, not what is behind them.'),
    room(
      'dialect-behind-boundary',
      '^electron/dialect/',
      ['^common/', '^electron/core/ports/', '^electron/dialect/', '^proto/'],
      'A dialect turns bytes into events and back; it sees common, the ports of core and the wire schema.',
    ),
    room(
      'adapters-behind-ports',
      '^electron/adapters/',
      ['^common/', '^electron/core/', '^electron/adapters/'],
      'An adapter serves a port of core and knows nothing of dialects, windows or pages.',
    ),
    room(
      'main-no-renderer',
      '^electron/main/',
      ['^common/', '^electron/(core|main|adapters)/', '^electron/dialect/(dialect|registry)[.]ts$'],
      'main puts the parts together; it imports no page and no particular dialect.',
    ),
    room('preload-small', '^electron/preload/', ['^common/', '^electron/preload/'], 'The preload is a few lines.'),
    room('renderer-page-only', '^renderer/', ['^common/', '^renderer/'], 'A page sees common and itself.'),
    room('proto-alone', '^proto/', ['^proto/'], 'The wire schema depends on nothing here.'),
    {
      name: 'production-no-test',
      severity: 'error',
      comment: 'What ships never imports tests or build scripts.',
      from: { path: '^(common|electron|proto|renderer)/' },
      to: { path: '^(test|build)/|[.](test|e2e)[.]ts$' },
    },
    {
      name: 'build-no-product',
      severity: 'error',
      comment: 'Build scripts start the product; they are not part of it.',
      from: { path: '^build/' },
      to: { path: '^(common|electron|proto|renderer|test)/' },
    },

    {
      name: 'dialect-one-registry',
      severity: 'error',
      comment: 'Particular dialects are named by their registry alone.',
      from: { path: '^(common|electron|proto|renderer)/', pathNot: '^electron/dialect/(registry[.]ts$|([^/]+)/)' },
      to: { path: '^electron/dialect/[^/]+/' },
    },
    {
      name: 'dialects-apart',
      severity: 'error',
      comment: 'One dialect never imports another: what they share lies in electron/dialect itself.',
      from: { path: '^electron/dialect/([^/]+)/' },
      to: { path: '^electron/dialect/[^/]+/', pathNot: '^electron/dialect/$1/' },
    },
    {
      name: 'dialect-registry-in-container',
      severity: 'error',
      comment: 'The container alone chooses a dialect.',
      from: { path: '^(common|electron|proto|renderer)/', pathNot: '^electron/main/container[.]ts$' },
      to: { path: '^electron/dialect/registry[.]ts$' },
    },
    {
      name: 'proto-in-im2',
      severity: 'error',
      comment: 'The wire schema belongs to the one dialect that speaks it.',
      from: { path: '^(common|electron|renderer)/', pathNot: '^electron/dialect/im2/' },
      to: { path: '^proto/' },
    },

    library(
      'stompjs-in-stomp',
      '@stomp/stompjs',
      '^electron/adapters/stomp/',
      'The STOMP library belongs to its adapter.',
    ),
    {
      name: 'stompjs-one-file',
      severity: 'error',
      comment: 'One file knows the STOMP library, so that it can be replaced there.',
      from: { path: '^(common|electron|proto|renderer)/' },
      module: { path: 'node_modules/@stomp/stompjs/', numberOfDependentsMoreThan: 1 },
    },
    library(
      'ws-in-stomp',
      'ws|sockjs-client|isomorphic-ws',
      '^electron/adapters/stomp/',
      'Sockets belong to the STOMP adapter.',
    ),
    library(
      'sqlite-in-adapter',
      'better-sqlite3',
      '^electron/adapters/sqlite/',
      'One folder knows the database library.',
    ),
    library(
      'protobuf-in-proto',
      'protobufjs|long',
      '^(proto/|electron/dialect/im2/)',
      'Protobuf belongs to its dialect.',
    ),
    library('electron-log-in-adapter', 'electron-log', '^electron/adapters/log/', 'One folder knows the log library.'),
    library(
      'electron-in-few-places',
      'electron',
      '^electron/(main|preload|adapters/(notifier|tray|badge|secrets|http))/',
      'Electron is imported where the house meets the shell, nowhere else.',
    ),
    {
      name: 'preload-only-electron',
      severity: 'error',
      comment: 'A sandboxed preload can load nothing but electron.',
      from: { path: '^electron/preload/' },
      to: { dependencyTypes: ['core', 'npm', 'npm-optional', 'npm-peer'], pathNot: 'node_modules/electron/' },
    },
    {
      name: 'no-node',
      severity: 'error',
      comment: 'A page has no Node, and what anybody may import has none either.',
      from: { path: '^(renderer|common|electron/core)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-code-few-libraries',
      severity: 'error',
      comment: 'Pure code uses the schema library and nothing else.',
      from: { path: '^(common|electron/core)/' },
      to: { path: 'node_modules/', pathNot: 'node_modules/valibot/' },
    },

    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'A cycle means that two files are one, or that a third is missing.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      comment: 'A file that nobody imports and that imports nobody is left over.',
      from: { orphan: true, pathNot: ['[.]d[.]ts$', '[.]config[.](ts|js|cjs)$', '^test/', '^build/scripts/'] },
      to: {},
    },
    {
      name: 'no-dev-dependency-at-run-time',
      severity: 'error',
      comment: 'Only dependencies ship; Electron itself is the exception.',
      from: { path: '^(common|electron|proto)/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: 'node_modules/electron/' },
    },
    {
      name: 'no-undeclared-package',
      severity: 'error',
      comment: 'A package that package.json does not name may be gone after the next install.',
      // protobufjs brings the type of its own 64-bit numbers; the host's example app has its own package.json.
      from: { pathNot: '^(proto/gen|test/host/fixture)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'The file is not there.',
      from: {},
      to: { couldNotResolve: true, pathNot: '^(virtual:|electron-updater)' },
    },
  ],
  required: [],
  options: {
    doNotFollow: { path: 'node_modules/' },
    exclude: { path: '^(out|dist|[.]godwit)/' },
    // 'specify' marks type-only imports as such and still counts them.
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.base.json' },
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.vue', '.js', '.cjs', '.mjs', '.json', '.d.ts'],
      mainFields: ['module', 'main', 'types', 'typings'],
    },
  },
}

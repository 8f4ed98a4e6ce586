/**
 * The house rules that can be read off a single file. Who may import whom is in .dependency-cruiser.cjs.
 *
 * No rule here is about format: Prettier does that. test/fences plants an offence against each fence and sees it
 * refused; a fence without such a test is not finished.
 */
import { defineConfig, globalIgnores } from 'eslint/config'
import vue from 'eslint-plugin-vue'
import tseslint from 'typescript-eslint'

const nodeGlobals = ['process', 'Buffer', 'require', 'module', '__dirname', '__filename', 'global', 'setImmediate']
const storageGlobals = ['localStorage', 'sessionStorage', 'indexedDB']
const domGlobals = ['window', 'document', 'navigator', 'location', 'self', ...storageGlobals]
const networkGlobals = ['fetch', 'WebSocket', 'XMLHttpRequest', 'EventSource']
const clockGlobals = ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval', 'performance', 'crypto']

const noHtml = 'Text never becomes HTML: render VNodes or set textContent.'
const htmlSinks = [
  'innerHTML',
  'outerHTML',
  'srcdoc',
  'insertAdjacentHTML',
  'createContextualFragment',
  'setHTMLUnsafe',
]
const htmlProperties = [
  ...htmlSinks.map((property) => ({ property, message: noHtml })),
  { object: 'document', property: 'write', message: noHtml },
  { object: 'document', property: 'writeln', message: noHtml },
]

const passedIn = 'Time and randomness come from what is passed in.'
const clockProperties = [
  { object: 'Date', property: 'now', message: passedIn },
  { object: 'Math', property: 'random', message: passedIn },
]
const clockSyntax = [{ selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: passedIn }]

const bridgeProperties = ['window', 'globalThis', 'self'].map((object) => ({
  object,
  property: 'godwit',
  message: 'Only renderer/src/bridge talks to the main process.',
}))

// Which dialect runs is known to electron/dialect alone: a difference in ability is a capability value.
const dialectSyntax = [
  'Literal[value=/^(im2|xuqm)$/]',
  'TemplateElement[value.raw=/^(im2|xuqm)$/]',
  'Identifier[name=/^(im2|xuqm)$/]',
  'VLiteral[value=/^(im2|xuqm)$/]',
].map((selector) => ({
  selector,
  message: 'Nothing outside electron/dialect knows a dialect by name: ask for a capability.',
}))

const doubleAssertion = {
  selector: 'TSAsExpression > TSAsExpression',
  message: 'A double assertion hides a wrong type: narrow it or parse it.',
}
const houseSyntax = [
  doubleAssertion,
  {
    selector: 'CallExpression[callee.object.name="Object"][callee.property.name="assign"]',
    message: 'Object.assign obeys a `__proto__` in parsed JSON: use a spread or a schema.',
  },
  {
    selector: 'ExportDefaultDeclaration',
    message: 'Named exports only; a default export is for the tools that demand one.',
  },
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that owns the name.' },
  { selector: `Property[key.name=/^(${htmlSinks.join('|')})$/]`, message: noHtml },
]

/**
 * One room of the house. The three lists are written out whole for every room, because a later entry of a flat config
 * replaces the options of an earlier one.
 *
 * @param {{ files: string[], ignores?: string[], globals?: [string[], string][], syntax?: object[], properties?: object[] }} room
 */
function room({ files, ignores = [], globals = [], syntax = [], properties = [] }) {
  const hasTemplates = files.some((pattern) => pattern.includes('vue'))
  const syntaxRule = ['error', ...houseSyntax, ...syntax]
  return {
    files,
    ignores,
    plugins: { vue },
    rules: {
      'no-restricted-globals': [
        'error',
        ...globals.flatMap(([names, message]) => names.map((name) => ({ name, message }))),
      ],
      'no-restricted-syntax': syntaxRule,
      'no-restricted-properties': ['error', ...htmlProperties, ...properties],
      ...(hasTemplates ? { 'vue/no-restricted-syntax': ['error', ...syntax] } : {}),
    },
  }
}

const anywhere = 'This code runs anywhere: what it needs of the machine is passed in.'
const pureGlobals = [
  [[...nodeGlobals, ...domGlobals, ...networkGlobals, 'console'], anywhere],
  [clockGlobals, passedIn],
]
const pageGlobals = [
  [[...nodeGlobals], 'A page has no Node.'],
  [[...networkGlobals], 'Main is the only one that talks to a network.'],
  [storageGlobals, 'What is kept is kept by main.'],
  [['godwit'], 'Only renderer/src/bridge talks to the main process.'],
]

export default defineConfig(
  globalIgnores(['out/', 'dist/', '.godwit/', 'proto/gen/', 'test/fixtures/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    files: ['**/*.{ts,js,cjs,vue}'],
    extends: [tseslint.configs.recommended],
    languageOptions: {
      parserOptions: {
        parser: tseslint.parser,
        projectService: true,
        tsconfigRootDir: import.meta.dirname,
        extraFileExtensions: ['.vue'],
      },
    },
    rules: {
      eqeqeq: 'error',
      'no-empty': 'error',
      'no-eval': 'error',
      'no-new-func': 'error',
      'no-script-url': 'error',
      'no-warning-comments': ['error', { terms: ['todo', 'fixme', 'xxx'], location: 'start' }],
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description' }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
    },
  },
  {
    files: ['**/*.{ts,vue}'],
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-implied-eval': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    files: ['**/*.{js,cjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: { parserOptions: { projectService: false } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },

  {
    files: ['**/*.vue'],
    extends: [vue.configs['flat/essential']],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      'vue/no-v-html': 'error',
      'vue/no-v-text-v-html-on-component': 'error',
      'vue/no-template-target-blank': 'error',
      'vue/no-restricted-v-bind': ['error', ...htmlSinks.map((argument) => ({ argument, message: noHtml }))],
      'vue/no-restricted-html-elements': ['error', 'iframe', 'frame', 'object', 'embed', 'webview', 'base'],
      // The content security policy refuses style attributes in markup; `:style` goes through the CSSOM.
      'vue/no-restricted-static-attribute': ['error', 'style', ...htmlSinks],
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/define-emits-declaration': 'error',
      'vue/define-props-declaration': 'error',
      'vue/require-typed-ref': 'error',
      'vue/no-unused-refs': 'error',
      'vue/multi-word-component-names': 'off',
    },
  },

  room({
    files: ['common/**/*.ts'],
    ignores: ['common/domain/account.ts'],
    globals: pureGlobals,
    syntax: [...clockSyntax, ...dialectSyntax],
    properties: clockProperties,
  }),
  // The one list of dialect names outside electron/dialect: a person or a managed configuration chooses from it.
  room({ files: ['common/domain/account.ts'], globals: pureGlobals, syntax: clockSyntax, properties: clockProperties }),
  room({
    files: ['electron/core/**/*.ts'],
    globals: pureGlobals,
    syntax: [...clockSyntax, ...dialectSyntax],
    properties: clockProperties,
  }),
  room({ files: ['electron/dialect/**/*.ts'], globals: [[[...domGlobals, ...networkGlobals], anywhere]] }),
  room({
    files: ['electron/{adapters,main,preload}/**/*.ts'],
    globals: [[domGlobals, 'The main process has no page.']],
    syntax: dialectSyntax,
  }),
  room({
    files: ['renderer/**/*.{ts,vue}'],
    ignores: ['renderer/src/bridge/**'],
    globals: pageGlobals,
    syntax: dialectSyntax,
    properties: bridgeProperties,
  }),
  room({ files: ['renderer/src/bridge/**/*.ts'], globals: pageGlobals, syntax: dialectSyntax }),

  // What the tools demand by default export, and what tests may do because nothing they parse is hostile.
  {
    files: ['test/**/*.ts', 'build/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', doubleAssertion], 'no-script-url': 'off' },
  },
)

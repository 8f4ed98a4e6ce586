/**
 * Builds the three programs of the app: main (and its store worker), preload and renderer, into out/.
 *
 * Promises: the preload is one CommonJS file that requires nothing but `electron` (a sandboxed preload can load nothing
 * else); the renderer holds no inline script and no `data:` asset, so that the content security policy can stay at
 * `'self'`. Must never: inline an asset, or give a page a script from elsewhere.
 */
import { fileURLToPath } from 'node:url'
import VueI18n from '@intlify/unplugin-vue-i18n/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'electron-vite'
import { licencesPlugin } from './build/licences.ts'
import { trayIconsPlugin } from './build/trayIcons.ts'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  main: {
    build: {
      outDir: 'out/main',
      sourcemap: true,
      rolldownOptions: {
        input: { index: at('electron/main/index.ts'), storeWorker: at('electron/adapters/sqlite/worker.ts') },
        // All in one folder: code finds its neighbours (the worker, the preload) by import.meta.url.
        output: {
          format: 'es',
          entryFileNames: '[name].js',
          chunkFileNames: '[name]-[hash].js',
          // Comments and spaces go; the names in a log's stack stay ours.
          minify: { compress: false, mangle: false, codegen: { removeWhitespace: true } },
        },
      },
    },
    plugins: [trayIconsPlugin()],
  },
  preload: {
    build: {
      outDir: 'out/preload',
      externalizeDeps: false,
      isolatedEntries: true,
      rolldownOptions: {
        input: { index: at('electron/preload/index.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: 'renderer',
    // What the page does not use of Vue and would carry along.
    define: {
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
    },
    build: {
      outDir: 'out/renderer',
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      minify: true,
      target: 'chrome156',
      rolldownOptions: { input: { index: at('renderer/index.html') } },
    },
    plugins: [
      vue(),
      licencesPlugin(),
      VueI18n({
        include: [at('renderer/src/i18n/*.json')],
        runtimeOnly: true,
        fullInstall: false,
        dropMessageCompiler: true,
        strictMessage: true,
        onlyLocales: ['en', 'zh-CN'],
      }),
    ],
  },
})

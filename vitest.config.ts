/**
 * The test projects, one per kind of test, so that `npm run check` can take the quick ones and `npm test` all.
 *
 * Promises: no more than two workers (the smallest machine the suite must pass on has two cores), and three of what waits
 * more than it works. Must never hold a retry: a test that passes at the second try has failed.
 */
import vue from '@vitejs/plugin-vue'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './build/scripts/longestFirst.ts'
import { typedThreadFlags } from './build/scripts/typedThreads.ts'

const builtAppSetup = 'build/scripts/buildBeforeTests.ts'
/** The real page in a real browser: too slow for every commit. */
const pageTests = 'test/renderer/page.test.ts'
/** It builds the app anew: not beside those who run it. */
const startTest = 'test/e2e/start.e2e.ts'

export default defineConfig({
  test: {
    maxWorkers: 2,
    execArgv: [...typedThreadFlags],
    sequence: { sequencer: LongestFirst },
    // A busy machine is no failure; what never ends fails all the same.
    testTimeout: 30_000,
    hookTimeout: 30_000,
    // What is waited for may come late on a busy machine; what never comes fails all the same.
    expect: { poll: { timeout: 20_000, interval: 50 } },
    restoreMocks: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          exclude: ['test/unit/host/**', 'test/unit/build/**'],
        },
      },
      {
        extends: true,
        plugins: [vue()],
        test: {
          name: 'renderer',
          include: ['test/renderer/**/*.test.ts'],
          exclude: [pageTests],
          environment: 'happy-dom',
        },
      },
      { extends: true, test: { name: 'dialect', include: ['test/dialect/**/*.test.ts'] } },
      {
        extends: true,
        test: { name: 'store', include: ['test/store/**/*.test.ts', 'test/migrations/**/*.test.ts'] },
      },
      {
        extends: true,
        test: { name: 'fuzz', include: ['test/fuzz/**/*.test.ts'], testTimeout: 120_000 },
      },
      {
        extends: true,
        test: {
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          globalSetup: 'test/interop/install.ts',
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['test/faults/**/*.test.ts'],
          // Faults wait more than they work: three at a time.
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // Faults have bounds in time of their own: not beside the other tests.
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'build',
          include: ['test/unit/build/**/*.test.ts'],
          globalSetup: builtAppSetup,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: { name: 'fences', include: ['test/fences/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
      },
      {
        extends: true,
        test: { name: 'host', include: ['test/unit/host/**/*.test.ts'], testTimeout: 60_000, hookTimeout: 60_000 },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.e2e.ts'],
          exclude: [startTest],
          globalSetup: builtAppSetup,
          // Apps wait more than they work: three at a time.
          maxWorkers: 3,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 4 },
        },
      },
      {
        extends: true,
        test: {
          name: 'appFaults',
          include: ['test/faults/**/*.app.ts', startTest],
          globalSetup: builtAppSetup,
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'desktop',
          include: ['test/desktop/**/*.test.ts'],
          globalSetup: builtAppSetup,
          fileParallelism: false,
          maxWorkers: 1,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'packages',
          include: ['test/packaging/**/*.test.ts'],
          globalSetup: [builtAppSetup, 'test/packaging/build.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          include: [pageTests],
          maxWorkers: 3,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
})

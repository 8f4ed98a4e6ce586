/** The command line Chromium is started with: quiet, offline but for loopback, and none of the browser's own features. */

export interface ChromiumFlags {
  profileDir: string
  headless: boolean
  /** Runs as root, where Chromium's sandbox cannot work. */
  root: boolean
  lang: string
  /** `--remote-debugging-port`, passed on as given; 0 lets Chromium choose. */
  debuggingPort: string | undefined
  /** Further switches the app appended, `name` or `name=value`. */
  switches: readonly string[]
}

const disabledFeatures = [
  'AimEnabled',
  'AutofillServerCommunication',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'CertificateTransparencyComponentUpdater',
  'DestroyProfileOnBrowserClose',
  'DialMediaRouteProvider',
  'GlobalMediaControls',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  // A renderer kept in reserve for a site that never comes.
  'SpareRendererForSitePerProcess',
  'ThirdPartyStoragePartitioning',
  'Translate',
  // The address bar's own pages, under a bar that no window here shows: each window's cost more than the app's.
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'WebUIOmniboxPopup',
]

/**
 * For any Chromium without a display, Playwright's own too, where these come after its switches: nothing in the
 * background, and drawing by the processor itself, which costs less than on an emulated graphics card.
 */
export const leanHeadless: readonly string[] = [
  '--disable-gpu',
  '--in-process-gpu',
  `--disable-features=${disabledFeatures.join(',')}`,
]

/** Loads its pages from this machine only, a few each: the network needs no process of its own. */
const oneProcessLess = '--enable-features=NetworkServiceInProcess2'

export function chromiumFlags(options: ChromiumFlags): string[] {
  return [
    `--user-data-dir=${options.profileDir}`,
    '--remote-debugging-pipe',
    ...(options.debuggingPort === undefined ? [] : [`--remote-debugging-port=${options.debuggingPort}`]),
    ...(options.headless ? ['--headless', '--hide-scrollbars', '--mute-audio', ...leanHeadless, oneProcessLess] : []),
    ...(options.root ? ['--no-sandbox'] : []),
    `--lang=${options.lang}`,
    `--accept-lang=${options.lang}`,
    // Nothing but this machine: a page that escapes the app's policy must still reach nobody.
    '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE localhost , EXCLUDE 127.0.0.1 , EXCLUDE ::1',
    '--no-startup-window',
    '--no-first-run',
    '--no-default-browser-check',
    '--no-service-autorun',
    '--disable-background-networking',
    '--disable-background-timer-throttling',
    '--disable-backgrounding-occluded-windows',
    '--disable-breakpad',
    '--disable-client-side-phishing-detection',
    '--disable-component-extensions-with-background-pages',
    '--disable-component-update',
    '--disable-default-apps',
    '--disable-dev-shm-usage',
    '--disable-domain-reliability',
    '--disable-extensions',
    '--disable-hang-monitor',
    '--disable-popup-blocking',
    '--disable-prompt-on-repost',
    '--disable-renderer-backgrounding',
    '--disable-search-engine-choice-screen',
    '--disable-sync',
    ...(options.headless ? [] : [`--disable-features=${disabledFeatures.join(',')}`]),
    '--metrics-recording-only',
    '--no-pings',
    '--password-store=basic',
    '--use-mock-keychain',
    '--test-type',
    ...options.switches.map((name) => `--${name}`),
  ]
}

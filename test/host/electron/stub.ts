/**
 * What `import … from 'electron'` resolves to in the app's main process.
 *
 * An export that is missing here fails the import by its name, which is the point.
 */
import { currentElectron } from './current.ts'

const electron = currentElectron()

export const {
  app,
  autoUpdater,
  BrowserWindow,
  clipboard,
  ClipboardItem,
  crashReporter,
  dialog,
  globalShortcut,
  ipcMain,
  Menu,
  MenuItem,
  nativeImage,
  nativeTheme,
  net,
  Notification,
  powerMonitor,
  powerSaveBlocker,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  systemPreferences,
  Tray,
  utilityProcess,
} = electron
export default electron

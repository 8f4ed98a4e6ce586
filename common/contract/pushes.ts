/** What main tells a window unasked. Change sets are numbered per account; the others replace what was before. */
import * as v from 'valibot'
import { accountSchema } from '../domain/account.ts'
import { changeSetSchema } from '../domain/changes.ts'
import { connectionStatusSchema, sessionStatusSchema } from '../domain/connection.ts'
import { downloadSchema } from '../domain/download.ts'
import { examinationSchema } from '../domain/doctor.ts'
import { uploadSchema } from '../domain/upload.ts'
import { updateSchema } from '../domain/update.ts'
import { lockStatusSchema } from './lock.ts'
import { placeSchema } from './place.ts'
import { settingsSchema } from './settings.ts'

/** What the system's own menus offer of the page. */
export const menuCommands = [
  'settings',
  'palette',
  'searchMessages',
  'shortcutList',
  'catchUp',
  'announcements',
  'diagnostics',
  'lock',
  'updates',
  'about',
] as const
export type MenuCommand = (typeof menuCommands)[number]

export const pushSchema = v.variant('type', [
  v.object({ type: v.literal('changes'), accountId: v.string(), changes: changeSetSchema }),
  /** A change set may be missing: what is shown is to be loaded anew. */
  v.object({ type: v.literal('changesLost'), accountId: v.string() }),
  v.object({ type: v.literal('connection'), accountId: v.string(), status: connectionStatusSchema }),
  /** All uploads of the account; at most five a second. */
  v.object({ type: v.literal('uploads'), accountId: v.string(), uploads: v.array(uploadSchema) }),
  /** Files on their way here that changed, and those of which nothing is here any more; at most five a second. */
  v.object({
    type: v.literal('downloads'),
    accountId: v.string(),
    changed: v.array(downloadSchema),
    removed: v.array(v.number()),
  }),
  /** Something was decided about a notification. */
  v.object({ type: v.literal('decisions'), accountId: v.string() }),
  v.object({ type: v.literal('session'), accountId: v.string(), status: sessionStatusSchema }),
  /** The window is to show this: the user asked for it outside of it. */
  v.object({ type: v.literal('goTo'), accountId: v.string(), place: placeSchema }),
  /** How far the examination of a connection has come. */
  v.object({ type: v.literal('examination'), examination: examinationSchema }),
  v.object({ type: v.literal('accounts'), accounts: v.array(accountSchema) }),
  /** The system's screen was locked or unlocked, where the system tells. */
  v.object({ type: v.literal('screen'), locked: v.boolean() }),
  /** To the main window: a link proposes a sign-in, and the user wants to see the form. Never with a token. */
  v.object({ type: v.literal('signInProposed'), server: v.string(), userId: v.string() }),
  /** To the main window: a link from outside was not followed; a code of the errors. */
  v.object({ type: v.literal('linkRefused'), code: v.string() }),
  /** To the main window: chosen in the system's own menu. */
  v.object({ type: v.literal('menu'), command: v.picklist(menuCommands) }),
  /**
   * Another window has written in the conversation: `text` is its draft now; null: what the words are for has changed,
   * and is to be recalled.
   */
  v.object({
    type: v.literal('draft'),
    accountId: v.string(),
    conversationId: v.string(),
    text: v.nullable(v.string()),
  }),
  /** The program is about to end, and gives what is queued a moment. */
  v.object({ type: v.literal('quitting'), waiting: v.number() }),
  /** Locked, unlocked, or told to wait. Locked pages hear of nothing else but settings and the screen. */
  v.object({ type: v.literal('lock'), status: lockStatusSchema }),
  v.object({ type: v.literal('update'), update: updateSchema }),
  v.object({ type: v.literal('settings'), settings: settingsSchema, locale: v.picklist(['zh-CN', 'en']) }),
])
export type Push = v.InferOutput<typeof pushSchema>

/**
 * The control API over HTTP, for programs that do not run in the server's process: `POST /control/<call>` with one JSON
 * object, and `GET /control/messages|violations|sessions`. `messages` answers JSON lines.
 *
 * Loopback only: the peer's address, the Host header and the absence of an Origin are checked, so that no web page on
 * this machine can reach it. The recorded wire is not here: it holds tokens.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import * as v from 'valibot'
import { ControlError } from './control.ts'
import type { Control } from './control.ts'
import { readBody, sendJson } from './http.ts'
import { parseJson } from './checks.ts'
import { parseSeed } from './seed.ts'

export interface ControlHttp {
  handle(request: IncomingMessage, response: ServerResponse, path: string): boolean
}

type Call = (input: unknown) => unknown

function call<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  act: (input: v.InferOutput<TSchema>) => unknown,
): Call {
  return (input) => {
    const result = v.safeParse(schema, input)
    if (result.success) return act(result.output)
    const [issue] = result.issues
    throw new ControlError(`${v.getDotPath(issue) ?? 'input'}: ${issue.message}`)
  }
}

const str = v.string()
const num = v.number()
const optStr = v.optional(str)
const optNum = v.optional(num)
const optBool = v.optional(v.boolean())
const dialect = v.optional(v.picklist(['im2', 'xuqm']))
const role = v.picklist(['owner', 'admin', 'member'])
const target = { userId: optStr }
const filter = { dialect, userId: optStr, sessionId: optStr }
const member = { groupId: str, userId: str, by: optStr }

const envelope = v.strictObject({
  messageId: v.exactOptional(str),
  type: v.exactOptional(num),
  status: v.exactOptional(num),
  senderId: v.exactOptional(str),
  receiverId: v.exactOptional(str),
  conversationId: v.exactOptional(str),
  clientMessageId: v.exactOptional(str),
  version: v.exactOptional(str),
  deviceId: v.exactOptional(str),
  source: v.exactOptional(str),
  timestamp: v.exactOptional(num),
  sequence: v.exactOptional(str),
  payload: v.exactOptional(v.picklist(['chat', 'notification', 'system', 'event'])),
  content: v.exactOptional(str),
})

export function createControlHttp(control: Control): ControlHttp {
  const calls: Readonly<Record<string, Call>> = {
    seed: (input) => control.seed(parseSeed(input)),
    issueToken: call(v.strictObject({ userId: str, ttlMs: optNum, deviceId: optStr }), control.issueToken),
    addUser: call(v.strictObject({ userId: str, nickname: str, avatar: optStr, bot: optBool }), control.addUser),
    updateProfile: call(v.strictObject({ userId: str, nickname: optStr, avatar: optStr }), control.updateProfile),
    addGroup: call(
      v.strictObject({
        groupId: str,
        name: str,
        members: v.array(v.strictObject({ userId: str, role: v.optional(role) })),
      }),
      control.addGroup,
    ),
    renameGroup: call(v.strictObject({ groupId: str, name: str, by: optStr }), control.renameGroup),
    dismissGroup: call(v.strictObject({ groupId: str, by: optStr }), control.dismissGroup),
    addMember: call(v.strictObject({ ...member, role: v.optional(role) }), control.addMember),
    removeMember: call(v.strictObject(member), control.removeMember),
    setRole: call(v.strictObject({ ...member, role }), control.setRole),
    message: call(
      v.strictObject({
        dialect,
        from: str,
        to: optStr,
        group: optStr,
        text: optStr,
        content: optStr,
        msgType: v.optional(v.union([num, str])),
        clientId: optStr,
        serverTime: optNum,
      }),
      control.message,
    ),
    edit: call(v.strictObject({ serverId: str, newContent: str, by: optStr, dialect }), control.edit),
    recall: call(v.strictObject({ serverId: str, by: optStr, reason: optStr, dialect }), control.recall),
    remove: call(v.strictObject({ serverId: str, by: optStr, reason: optStr }), control.remove),
    markRead: call(v.strictObject({ serverId: str, dialect }), control.markRead),
    push: call(v.strictObject({ ...filter, destination: optStr, envelope }), control.push),
    event: call(v.strictObject({ ...filter, type: optNum, destination: optStr, content: v.unknown() }), control.event),
    pushJson: call(v.strictObject({ ...filter, destination: optStr, json: v.unknown() }), control.pushJson),
    frame: call(
      v.strictObject({ ...filter, command: str, headers: v.optional(v.array(v.tuple([str, str]))), body: optStr }),
      control.frame,
    ),
    raw: call(v.strictObject({ ...filter, text: optStr, base64: optStr }), control.raw),
    notify: call(
      v.strictObject({
        ...target,
        type: v.optional(v.picklist(['announcement', 'alert', 'promotion', 'maintenance'])),
        title: str,
        content: str,
        priority: v.optional(v.picklist(['low', 'medium', 'high', 'urgent'])),
        category: optStr,
        expiresAt: optStr,
        action: optStr,
        data: v.optional(v.record(str, v.unknown())),
        maintenanceType: v.optional(v.picklist(['scheduled', 'emergency'])),
        estimatedDuration: optStr,
        startTime: optStr,
        endTime: optStr,
      }),
      control.notify,
    ),
    systemStatus: call(v.strictObject({ status: str, message: optStr }), control.systemStatus),
    policy: call(
      v.strictObject({
        maxMessageLength: v.exactOptional(num),
        fileUploadLimit: v.exactOptional(num),
        by: optStr,
        reason: optStr,
      }),
      control.policy,
    ),
    permission: call(
      v.strictObject({
        userId: str,
        permission: v.picklist(['full_access', 'read_only']),
        by: optStr,
        reason: optStr,
      }),
      control.permission,
    ),
    dropPushes: call(v.strictObject({ ...target, count: num, lost: optBool }), control.dropPushes),
    dropAcks: call(v.strictObject({ ...target, count: num }), control.dropAcks),
    loseSends: call(v.strictObject({ ...target, count: num }), control.loseSends),
    doublePushes: call(v.strictObject({ ...target, count: num, times: optNum }), control.doublePushes),
    reorderPushes: call(v.strictObject({ ...target, window: num, seed: optNum }), control.reorderPushes),
    delayPushes: call(v.strictObject({ ...target, delayMs: num }), control.delayPushes),
    flushPushes: () => control.flushPushes(),
    clearFaults: () => control.clearFaults(),
    clearViolations: () => control.clearViolations(),
    skewClock: call(v.strictObject({ ms: num }), control.skewClock),
    deafToConnect: call(v.strictObject({ on: v.boolean() }), control.deafToConnect),
    refuse: call(v.strictObject({ status: num, retryAfterSeconds: optNum, count: optNum }), control.refuse),
    stall: call(v.strictObject(filter), control.stall),
    resume: call(v.strictObject(filter), control.resume),
    skipSequences: call(
      v.strictObject({ conversationId: str, count: v.union([num, v.pipe(str, v.digits())]) }),
      control.skipSequences,
    ),
    expireToken: call(v.strictObject({ token: optStr, userId: optStr }), control.expireToken),
    kick: call(
      v.strictObject({ ...filter, reason: str, operator: optStr, code: optNum, closeCode: optNum }),
      control.kick,
    ),
    closeSockets: call(v.strictObject({ ...filter, code: optNum, abrupt: optBool }), control.closeSockets),
    // Stopped for good, nobody could ask for a start any more: here it always comes back by itself.
    stop: call(v.strictObject({ forMs: num }), ({ forMs }) => {
      setTimeout(() => void control.stop({ forMs }), 50)
    }),
  }

  const read = (response: ServerResponse, path: string, query: URLSearchParams): void => {
    if (path === '/control/violations') return sendJson(response, 200, control.violations())
    if (path === '/control/sessions') return sendJson(response, 200, control.sessions())
    if (path !== '/control/messages') return sendJson(response, 404, { error: 'no such list' })
    const name = query.get('dialect') ?? undefined
    if (name !== undefined && name !== 'im2' && name !== 'xuqm') {
      return sendJson(response, 400, { error: 'no such dialect' })
    }
    const lines = control.messages({ dialect: name }).map((row) => `${JSON.stringify(row)}\n`)
    response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' })
    response.end(lines.join(''))
  }

  const run = async (request: IncomingMessage, response: ServerResponse, path: string): Promise<void> => {
    const name = path.slice('/control/'.length)
    const act = Object.hasOwn(calls, name) ? calls[name] : undefined
    if (act === undefined) return sendJson(response, 404, { error: `no call ${name}` })
    const body = await readBody(request, 8 * 1024 * 1024)
    if (body === null) return sendJson(response, 413, { error: 'body is too large' })
    const input = body.length === 0 ? {} : parseJson(body.toString())
    try {
      sendJson(response, 200, { result: (await act(input)) ?? null })
    } catch (error) {
      const known = error instanceof ControlError
      sendJson(response, known ? 400 : 500, { error: error instanceof Error ? error.message : 'failed' })
    }
  }

  return {
    handle(request, response, path) {
      if (!path.startsWith('/control/')) return false
      if (!isLocal(request)) {
        sendJson(response, 403, { error: 'loopback only' })
      } else if (request.method === 'GET') {
        read(response, path, new URL(request.url ?? '', 'http://localhost').searchParams)
      } else if (request.method === 'POST') {
        run(request, response, path).catch(() => response.destroy())
      } else {
        sendJson(response, 405, { error: 'GET or POST' })
      }
      return true
    },
  }
}

function isLocal(request: IncomingMessage): boolean {
  const address = request.socket.remoteAddress ?? ''
  const host = (request.headers.host ?? '').replace(/:\d+$/, '')
  const loopback = address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1'
  return loopback && ['127.0.0.1', 'localhost', '[::1]'].includes(host) && request.headers.origin === undefined
}

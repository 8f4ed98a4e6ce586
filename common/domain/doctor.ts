/** What an examination of an account's connection found, step by step. */
import * as v from 'valibot'

/** In their order: each needs the ones before it. */
export const doctorSteps = ['dns', 'tcp', 'proxy', 'tls', 'upgrade', 'stomp', 'heartbeat', 'echo'] as const
export type DoctorStepName = (typeof doctorSteps)[number]

/** `warned`: it works, and something about it needs somebody. `skipped`: not needed, or not to be had, here. */
export const stepStates = ['waiting', 'running', 'passed', 'warned', 'failed', 'skipped'] as const
export type StepState = (typeof stepStates)[number]

/** What was found; the texts are looked up by it. A failed step has a problem instead. */
export const doctorFindings = [
  'nameFound',
  'nameNotNeeded',
  'connected',
  'proxyPassed',
  'proxyNone',
  'certificateGood',
  'certificateUndated',
  'certificateEnding',
  'tlsNone',
  'webSocketOpen',
  'sockJsOpen',
  'overHttp',
  'portal',
  'taken',
  'pongCame',
  'beatCame',
  'noPong',
  'echoCame',
  'clockOff',
  'echoNotOffered',
  'notOnline',
] as const
export type DoctorFinding = (typeof doctorFindings)[number]

export const doctorStepSchema = v.object({
  name: v.picklist(doctorSteps),
  state: v.picklist(stepStates),
  /** How long it took; null while it has not ended. */
  ms: v.nullable(v.number()),
  finding: v.nullable(v.picklist(doctorFindings)),
  /** What the finding's text names: an address, days, a status. Never a secret. */
  data: v.record(v.string(), v.union([v.string(), v.number()])),
  /** Why it failed, as an error code. */
  problem: v.nullable(v.object({ code: v.string(), detail: v.nullable(v.string()) })),
})
export type DoctorStep = v.InferOutput<typeof doctorStepSchema>

export const examinationSchema = v.object({
  accountId: v.string(),
  /** Local clock, ms since 1970. */
  startedAt: v.number(),
  state: v.picklist(['running', 'done', 'stopped']),
  steps: v.array(doctorStepSchema),
  /** Server's clock less ours, ms; null where it was not told. */
  clockOffsetMs: v.nullable(v.number()),
})
export type Examination = v.InferOutput<typeof examinationSchema>

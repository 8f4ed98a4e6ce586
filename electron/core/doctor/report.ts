/**
 * What somebody who helps is sent: facts in plain lines, always in English, so that it reads the same everywhere. Must
 * never hold a token, a query, a user's name or anybody's words.
 */
import type { DoctorStep, Examination } from '#common/domain/doctor.ts'
import type { Versions } from '#common/domain/meter.ts'

/** A heading and its lines, each a name and a value. */
export type ReportPart = readonly [heading: string, facts: readonly (readonly [name: string, value: string])[]]

const titles: Readonly<Record<DoctorStep['name'], string>> = {
  dns: 'Name (DNS)',
  tcp: 'Connection (TCP)',
  proxy: 'Proxy',
  tls: 'Encryption (TLS)',
  upgrade: 'WebSocket',
  stomp: 'Sign-in (STOMP)',
  heartbeat: 'Heart-beat',
  echo: 'Echo',
}

export function programPart({ program, parts, system, sandboxed }: Versions, at: number): ReportPart {
  return [
    `Godwit ${program}`,
    [
      ['Written', new Date(at).toISOString()],
      ['System', system],
      ['Sandbox', sandboxed ? 'on' : 'OFF'],
      ...parts.map(({ name, version }) => [name, version] as const),
    ],
  ]
}

export function examinationPart({ startedAt, state, steps, clockOffsetMs }: Examination): ReportPart {
  return [
    'Connection test',
    [
      ['Begun', new Date(startedAt).toISOString()],
      ['State', state],
      ...steps.map((step) => [titles[step.name], outcome(step)] as const),
      ['Server clock less ours', clockOffsetMs === null ? 'not told' : `${Math.round(clockOffsetMs)} ms`],
    ],
  ]
}

function outcome({ state, ms, finding, data, problem }: DoctorStep): string {
  const facts = Object.entries(data).map(([name, value]) => `${name} ${value}`)
  return [
    state,
    ...(ms === null ? [] : [`${Math.round(ms)} ms`]),
    ...(finding === null ? [] : [finding]),
    ...(problem === null ? [] : [problem.code, ...(problem.detail === null ? [] : [problem.detail])]),
    ...facts,
  ].join(' | ')
}

export function reportText(parts: readonly ReportPart[]): string {
  return parts
    .map(([heading, facts]) => [heading, ...facts.map(([name, value]) => `  ${name}: ${value}`)].join('\n'))
    .join('\n\n')
    .concat('\n')
}

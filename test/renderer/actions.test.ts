import { describe, expect, it } from 'vitest'
import type { Capabilities } from '#common/domain/capabilities.ts'
import { actionsFor } from '../../renderer/src/features/timeline/actions.ts'
import { account, message } from './fakes/rows.ts'

const able = account().capabilities
const without = (missing: keyof Capabilities): Capabilities => ({ ...able, [missing]: false })
const own = message({ id: 1, outgoing: true })
const other = message({ id: 1 })

describe('the actions of a message', () => {
  it('are all of them for an own one the server has', () => {
    expect(actionsFor(own, able, true)).toEqual([
      'reply',
      'edit',
      'copy',
      'forward',
      'pin',
      'pinForEveryone',
      'select',
      'details',
      'recall',
      'deleteForMe',
    ])
  })

  it('change nothing of what others wrote', () => {
    expect(actionsFor(other, able, true)).toEqual([
      'reply',
      'copy',
      'forward',
      'pin',
      'pinForEveryone',
      'select',
      'details',
      'deleteForMe',
    ])
  })

  it('leave out what the server cannot do', () => {
    expect(actionsFor(own, without('edit'), true)).not.toContain('edit')
    expect(actionsFor(own, without('recall'), true)).not.toContain('recall')
    expect(actionsFor(own, without('pin'), true).filter((action) => action.startsWith('pin'))).toEqual([])
  })

  it('write nothing where nothing may be written', () => {
    expect(actionsFor(own, able, false)).toEqual([
      'copy',
      'forward',
      'pin',
      'select',
      'details',
      'recall',
      'deleteForMe',
    ])
  })

  it('unpin what is pinned, whatever the server can do', () => {
    const actions = actionsFor({ ...other, pinned: true }, without('pin'), true)
    expect(actions).toContain('unpin')
    expect(actions).not.toContain('pin')
  })

  it('retry a failed one, and never answer what no server has', () => {
    const failed = message({ id: 1, outgoing: true, state: 'failed' })
    expect(actionsFor(failed, able, true)).toEqual(['retry', 'copy', 'select', 'details', 'deleteForMe'])
  })

  it('take back one that is still waiting', () => {
    const sending = message({ id: 1, outgoing: true, state: 'sending' })
    expect(actionsFor(sending, able, true)).toEqual(['cancel', 'copy', 'select', 'details'])
  })

  it('of a recalled one offer its words again to its author only', () => {
    const recalled = { at: null, by: null, reason: null }
    expect(actionsFor({ ...own, recalled }, able, true)).toEqual(['reEdit', 'details', 'deleteForMe'])
    expect(actionsFor({ ...other, recalled }, able, true)).toEqual(['details', 'deleteForMe'])
  })

  it('do not edit what has no words of its own', () => {
    const file = message({ id: 1, outgoing: true, content: { kind: 'file', name: 'a.pdf', url: '' } })
    expect(actionsFor(file, able, true)).not.toContain('edit')
  })

  it('pass on what the server has, and nothing that was recalled or never arrived', () => {
    const sending = message({ id: 1, outgoing: true, state: 'sending' })
    const file = message({ id: 1, content: { kind: 'file', name: 'a.pdf', url: '' } })
    const event = message({ id: 1, content: { kind: 'event', event: 'member.left' } })
    const recalled = { ...other, recalled: { at: null, by: null, reason: null } }
    for (const one of [sending, file, event, recalled]) expect(actionsFor(one, able, true)).not.toContain('forward')
  })
})

import { describe, expect, it } from 'vitest'
import { identifyToSystem } from '#electron/main/systemIdentity.ts'
import { identity } from '../../../build/packaging/identity.ts'

function said(platform: NodeJS.Platform): string[] {
  const calls: string[] = []
  const app = {
    setAppUserModelId: (id: string) => void calls.push(id),
    setToastActivatorCLSID: (id: string) => void calls.push(id),
    setDesktopName: (name: string) => void calls.push(name),
  }
  identifyToSystem(app, platform)
  return calls
}

describe('who the program is', () => {
  it('Windows knows by the id of the installed shortcut, and by an activator that stays the same', () => {
    expect(said('win32')).toEqual([
      identity.appId,
      expect.stringMatching(/^\{[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\}$/),
    ])
    expect(said('win32')).toEqual(said('win32'))
  })

  it('Linux knows by the desktop file of the packages', () => {
    expect(said('linux')).toEqual([`${identity.command}.desktop`])
  })

  it('macOS is told nothing', () => {
    expect(said('darwin')).toEqual([])
  })
})

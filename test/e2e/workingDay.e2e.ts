/** The long story: a whole day at the keyboard, from the sign-in to a link that comes back. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type FaultProxy, createFaultProxy } from '../faults/proxy.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { type LaunchedApp, backendTitle, backends, launch } from './launch.ts'
import { pngFile } from './pngFile.ts'
import { answer, dayConfig, offlineWords, tellWorkingDay } from './workingDay.ts'

for (const backend of backends()) {
  // The picture is chosen in a dialog of the system, which only the host can answer.
  const missing = backend.missing ?? (backend.name === 'electron' ? 'the system’s dialog has no test access' : null)
  describe.skipIf(missing !== null)(backendTitle({ ...backend, missing }), () => {
    const dir = mkdtempSync(join(tmpdir(), 'godwit-day-'))
    let server: DemoServer
    let proxy: FaultProxy
    let app: LaunchedApp

    beforeAll(async () => {
      server = await createDemoServer({ dialects: ['im2'] })
      proxy = await createFaultProxy(server.port)
      const managedConfig = join(dir, 'managed.json')
      writeFileSync(managedConfig, dayConfig(server, proxy))
      app = await launch({ userDataDir: join(dir, 'data'), lang: 'en', managedConfig, backend: backend.name })
    })
    afterAll(async () => {
      await app.quit()
      await proxy.close()
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    })

    it('a working day, by keyboard alone', async () => {
      const picture = join(dir, 'whiteboard.png')
      writeFileSync(picture, pngFile(480, 300))
      const seen: string[] = []
      await tellWorkingDay({
        app,
        lang: 'en',
        server,
        proxy,
        picture,
        at: async (moment) => {
          seen.push(moment)
          if (moment === 'offline') {
            expect(await (await app.page()).locator('article').last().innerText()).toContain(
              'Waiting for the connection',
            )
          }
          const folder = process.env['GODWIT_PICTURES']
          if (folder !== undefined) {
            await (await app.page()).waitForTimeout(400)
            await (await app.page()).screenshot({ path: join(folder, `day-${seen.length}-${moment}.png`) })
          }
        },
      })
      expect(seen).toHaveLength(10)
      const told = server.messages('im2').map(({ content }) => content)
      for (const words of [answer, offlineWords]) {
        expect(
          told.filter((content) => content.includes(words)),
          words,
        ).toHaveLength(1)
      }
    })
  })
}

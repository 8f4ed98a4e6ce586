/**
 * Every sample of the im2 document, word for word, and every kind it does not print, as the real app shows them: a bubble
 * for each message, a line for each event, an entry for each notice and each admin push; in both languages and both
 * colour schemes. Pictures of all of it go to GODWIT_PICTURES, to be looked at.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Locator } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { im2Queues } from '../server/im2Events.ts'
import { type DemoServer, createDemoServer } from '../server/server.ts'
import { backendTitle, backends } from './launch.ts'
import { Person } from './person.ts'

const looks = [
  { lang: 'zh-CN', dark: true, name: 'zh-dark' },
  { lang: 'en', dark: false, name: 'en-light' },
] as const

const sample = (name: string): string =>
  readFileSync(new URL(`../fixtures/documents/im2-${name}.json`, import.meta.url), 'utf8')

/** Kinds the document has no sample of, in our reading of them; then what the app of today does not know. */
const ours = {
  voice: { content: '', contentExtra: { url: 'https://example.com/v.m4a', duration: 14, size: 52_000, format: 'm4a' } },
  video: {
    content: '巡检录像 The walk-through',
    contentExtra: {
      url: 'https://example.com/w.mp4',
      duration: 187,
      size: 18_400_000,
      format: 'mp4',
      width: 1280,
      height: 720,
    },
  },
  location: {
    content: '',
    contentExtra: { latitude: 31.2304, longitude: 121.4737, address: '上海市黄浦区人民大道 200 号', title: '会议地点' },
  },
  card: { content: '', contentExtra: { userId: 'chen.yu', nickname: '陈雨', avatar: '' } },
  future: { hologram: true },
} as const

for (const backend of backends()) {
  describe.skipIf(backend.missing !== null)(backendTitle(backend), () => {
    describe.each(looks)('all kinds, in $name', ({ lang, dark, name }) => {
      const chinese = lang === 'zh-CN'
      const group = 'g-release'
      let dir: string
      let pictures: string
      let server: DemoServer
      let alice: Person

      const say = (from: string, msgType: number, content: string): string =>
        server.control.message({ from, group, msgType, content }).serverId
      const notice = (type: number, content: string): void => {
        const envelope = { type, senderId: 'system', payload: 'notification' as const, content }
        server.control.push({ userId: 'alice', destination: im2Queues.notifications, envelope })
      }
      /** As the page is drawn once nothing moves any more. */
      const picture = async (what: string): Promise<void> => {
        const shoot = (): Promise<Buffer> => alice.page.screenshot({ animations: 'disabled', caret: 'hide' })
        let before = await shoot()
        await expect
          .poll(async () => {
            const now = await shoot()
            const still = now.equals(before)
            before = now
            return still
          })
          .toBe(true)
        await alice.page.screenshot({
          path: join(pictures, `${what}-${name}.png`),
          animations: 'disabled',
          caret: 'hide',
        })
      }
      const article = (text: string | RegExp): Locator =>
        alice.page.getByRole('log').getByRole('article').filter({ hasText: text })

      beforeAll(async () => {
        dir = mkdtempSync(join(tmpdir(), 'godwit-kinds-'))
        pictures = process.env['GODWIT_PICTURES'] ?? join(dir, 'pictures')
        mkdirSync(pictures, { recursive: true })
        server = await createDemoServer({ dialects: ['im2'] })
        // The groups that the samples speak of.
        const members = [{ userId: '12345' }, { userId: 'alice' }]
        server.control.addGroup({ groupId: 'group_001', name: '技术交流群', members })
        server.control.addGroup({ groupId: '12345', name: '值班群 On call', members })
        // The addresses in the samples are other people's: nothing leaves this machine.
        const args = ['--proxy-server=127.0.0.1:9']
        alice = new Person({ server, dialect: 'im2', userId: 'alice', dir, backend: backend.name, lang, args })
        await alice.start()
        if (backend.name === 'chromium') await alice.app.control().setDark(dark)
        await alice.page.setViewportSize({ width: 1280, height: 1980 })
        await alice.page
          .getByRole('status', { name: chinese ? '连接状态' : 'Connection' })
          .filter({ hasText: chinese ? '在线' : 'Online' })
          .waitFor()
        await alice.page.getByRole('option', { name: /^Release crew/ }).click()
      })
      afterAll(async () => {
        await alice.quit()
        await server.close()
        rmSync(dir, { recursive: true, force: true })
      })

      it('messages: text, image, file, quote, forward as the document prints them', async () => {
        say('bob', 0, sample('4.2-text'))
        say('sofia', 1, sample('4.2-image'))
        say('alice', 2, sample('4.2-file'))
        say('bob', 11, sample('4.2-quote'))
        say('lin.mei', 12, sample('4.2-forward'))
        await article('Hello World').waitFor()
        await article('图片描述').waitFor()
        await article('文件名.pdf').waitFor()
        expect(await article('文件名.pdf').innerText()).toMatch(/PDF · 2(\.0)? ?M/)
        const quote = article('回复内容')
        expect(await quote.innerText()).toMatch(/67890\s+被引用的消息内容\s+回复内容/)
        const forward = article('转发的内容')
        expect(await forward.innerText()).toContain(chinese ? '转发' : 'Forwarded')
        expect(await forward.innerText()).toContain('转发原因')
      })

      it('messages: voice, video, location, contact, and a kind of the future', async () => {
        const form = new FormData()
        form.set('file', new Blob([readFileSync('build/icons/icon.png')], { type: 'image/png' }), 'icon.png')
        const headers = { Authorization: `Bearer ${server.issueToken('sofia')}` }
        const uploaded = await fetch(`${server.origin}/upload`, { method: 'POST', headers, body: form })
        const { url } = (await uploaded.json()) as { url: string }
        const extra = { url, width: 200, height: 200, size: 28_000, format: 'PNG' }
        say('sofia', 1, JSON.stringify({ content: '', contentExtra: extra }))
        await expect.poll(() => alice.page.locator('article img').count()).toBe(1)
        say('sofia', 3, JSON.stringify(ours.voice))
        say('bob', 4, JSON.stringify(ours.video))
        say('lin.mei', 5, JSON.stringify(ours.location))
        say('alice', 6, JSON.stringify(ours.card))
        server.control.push({
          userId: 'alice',
          envelope: { type: 19, senderId: 'bob', conversationId: group, content: JSON.stringify(ours.future) },
        })
        const voice = alice.page.getByRole('group', { name: chinese ? /的语音/ : /^Voice message from/ })
        await voice.filter({ hasText: '0:14' }).waitFor()
        await article('巡检录像').waitFor()
        await article('会议地点').waitFor()
        await article('陈雨').waitFor()
        await article(chinese ? '当前版本无法显示此消息' : 'A message this version cannot show').waitFor()
      })

      it('messages: edited, recalled, and lines of what happened in the group', async () => {
        const edited = say('bob', 0, '{"content":"Nothing form me","contentExtra":null}')
        server.control.edit({ serverId: edited, newContent: 'Nothing from me', by: 'bob' })
        const recalled = say('sofia', 0, '{"content":"wrong window","contentExtra":null}')
        server.control.recall({ serverId: recalled, by: 'sofia', reason: '用户撤回' })
        server.control.addMember({ groupId: group, userId: 'chen.yu', by: 'alice' })
        server.control.setRole({ groupId: group, userId: 'sofia', role: 'admin', by: 'alice' })
        server.control.renameGroup({ groupId: group, name: 'Release crew 发布组', by: 'alice' })
        await article('Nothing from me').waitFor()
        expect(await article('Nothing from me').innerText()).toContain(chinese ? '已编辑' : 'edited')
        await article(chinese ? /Sofia Lindqvist\s*撤回了一条消息/ : 'Sofia Lindqvist recalled a message').waitFor()
        await article('陈雨').last().waitFor()
        await article('Release crew 发布组').last().waitFor()
        server.control.message({ from: 'alice', group, text: chinese ? '都齐了。' : 'That is all of them.' })
        server.control.systemStatus({ status: 'ok', message: chinese ? '今晚 22:00 起维护' : 'Maintenance from 22:00' })
        await alice.page.getByRole('region', { name: chinese ? '服务器状态' : 'Server status' }).waitFor()
        await picture('kinds')
      })

      it('events of the document: somebody signs in, a message is recalled, a group is made', async () => {
        const made = JSON.parse(sample('7.3-group-created')) as { groupName: string }
        server.control.event({ userId: 'alice', content: made })
        const update = JSON.parse(sample('6.2-group-update')) as object
        server.control.event({ userId: 'alice', type: 41, content: update })
        server.control.push({
          userId: 'alice',
          envelope: {
            type: 0,
            messageId: 'msg_001',
            senderId: 'bob',
            receiverId: 'alice',
            conversationId: 'conv_001',
            content: sample('4.2-text'),
          },
        })
        server.control.event({ userId: 'alice', content: JSON.parse(sample('7.3-message-recalled')) as object })
        server.control.event({ userId: 'alice', type: 40, content: JSON.parse(sample('7.3-user-login')) as object })
        await alice.page.getByRole('option', { name: new RegExp(`^${made.groupName}`) }).click()
        await article('12345').waitFor()
        await alice.page.getByRole('option', { name: /^值班群/ }).click()
        await article(chinese ? /admin_user.*67890/ : 'admin_user added 67890').waitFor()
        await alice.page.getByRole('option', { name: /^Bob Keller.*(12345|撤回|recalled)/ }).click()
        await article('12345').waitFor()
      })

      it('notices and admin pushes of the document, with their history', async () => {
        const now = { timestamp: Date.now() }
        notice(20, sample('5.2-announcement'))
        notice(21, sample('5.2-alert'))
        notice(23, sample('5.2-maintenance'))
        notice(
          22,
          JSON.stringify({
            title: '周年优惠 Anniversary offer',
            content: '会员五折 Half price for members',
            priority: 'low',
          }),
        )
        const push = (content: string): number =>
          server.control.push({
            userId: 'alice',
            envelope: { ...now, type: 43, senderId: 'system', payload: 'event', content },
          })
        push(sample('6.2-config-change'))
        push(JSON.stringify({ ...(JSON.parse(sample('6.2-user-permissions')) as object), userId: 'alice' }))
        await alice.page
          .getByRole('navigation', { name: chinese ? '导航' : 'Sections' })
          .getByRole('button', { name: chinese ? /^公告/ : /^Announcements/ })
          .click()
        const panel = alice.page.getByRole('region', { name: chinese ? '公告' : 'Announcements', exact: true })
        await expect.poll(() => panel.locator('li.notice').count()).toBe(4)
        await panel.getByRole('button', { name: chinese ? '已过期 1 条' : '1 expired' }).click()
        for (const words of [
          '系统将于今晚进行维护升级',
          '您有3条未读消息',
          '系统将于22:00-24:00进行维护',
          '会员五折',
        ]) {
          await panel.locator('li.notice').filter({ hasText: words }).waitFor()
        }
        await panel.locator('li.notice').filter({ hasText: '您有3条未读消息' }).getByRole('button').click()
        await panel.getByRole('button', { name: chinese ? '打开会话' : 'Open the chat' }).waitFor()
        await panel.getByRole('tab', { name: chinese ? '变动' : 'Changes' }).click()
        await panel.getByText('提升用户体验').waitFor()
        await panel.getByText('用户升级').waitFor()
        await panel.getByRole('tab', { name: chinese ? '收件箱' : 'Inbox' }).click()
        await alice.page.setViewportSize({ width: 1280, height: 860 })
        await picture('notices')
      })
    })
  })
}

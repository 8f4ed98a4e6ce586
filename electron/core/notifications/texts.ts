/** What notifications say, in both languages. */
import type { ContentKind } from '#common/domain/content/content.ts'
import type { Notice } from '#common/domain/notice.ts'

export type Locale = 'en' | 'zh-CN'

type Labelled = Exclude<ContentKind, 'text' | 'quote' | 'forward' | 'event'>

export interface NotificationTexts {
  readonly newMessages: (count: number) => string
  readonly from: (name: string) => string
  readonly named: (name: string, line: string) => string
  readonly line: (name: string, line: string) => string
  readonly chats: (names: readonly string[], more: number) => string
  readonly chatCount: (count: number) => string
  /** Of what came while notifications were off. */
  readonly whileOff: string
  readonly messagesIn: (messages: number, chats: number) => string
  readonly noticeCount: (count: number) => string
  readonly both: (one: string, other: string) => string
  readonly kinds: Readonly<Record<Labelled, string>>
  readonly notices: Readonly<Record<Notice['kind'], string>>
  readonly someNotice: string
  readonly limitsChanged: string
  readonly readOnly: string
  readonly writable: string
  readonly maxLength: (codePoints: number) => string
  readonly maxFile: (megabytes: number) => string
  readonly by: (who: string) => string
  readonly because: (who: string, reason: string) => string
  readonly someChange: string
  readonly added: (by: string | null) => string
  readonly removed: (by: string | null) => string
  readonly role: (role: string, by: string | null) => string
  readonly roles: Readonly<Record<string, string>>
  readonly dismissed: (by: string | null) => string
  readonly someGroup: string
  readonly ended: string
  readonly endedBy: (who: string) => string
  readonly reply: string
  readonly markRead: string
  readonly muteHour: string
  readonly acknowledge: string
}

export const notificationTexts: Readonly<Record<Locale, NotificationTexts>> = {
  en: {
    newMessages: (count) => (count === 1 ? 'New message' : `${count} new messages`),
    from: (name) => `New message from ${name}`,
    named: (name, line) => `${name} mentioned you: ${line}`,
    line: (name, line) => `${name}: ${line}`,
    chats: (names, more) => names.join(', ') + (more === 0 ? '' : ` and ${more} more`),
    chatCount: (count) => (count === 1 ? 'In one chat' : `In ${count} chats`),
    whileOff: 'While notifications were off',
    messagesIn: (messages, chats) =>
      `${messages === 1 ? '1 message' : `${messages} messages`} in ${chats === 1 ? 'one chat' : `${chats} chats`}`,
    noticeCount: (count) => (count === 1 ? '1 announcement' : `${count} announcements`),
    both: (one, other) => `${one}, ${other}`,
    kinds: {
      image: 'Photo',
      file: 'File',
      voice: 'Voice message',
      video: 'Video',
      location: 'Location',
      card: 'Contact',
      unsupported: 'Unsupported message',
    },
    notices: { announcement: 'Announcement', alert: 'Alert', maintenance: 'Maintenance', promotion: 'Promotion' },
    someNotice: 'Something was announced',
    limitsChanged: 'Your limits have changed',
    readOnly: 'You can read, but not write',
    writable: 'You can write again',
    maxLength: (codePoints) => `Messages: up to ${codePoints} characters`,
    maxFile: (megabytes) => `Files: up to ${megabytes} MB`,
    by: (who) => `By ${who}`,
    because: (who, reason) => `${who}: ${reason}`,
    someChange: 'An administrator changed what you may do',
    added: (by) => (by === null ? 'You are in the group now' : `${by} added you`),
    removed: (by) => (by === null ? 'You are no longer in the group' : `${by} removed you from the group`),
    role: (role, by) => (by === null ? `Your role is now: ${role}` : `${by} changed your role: ${role}`),
    roles: { owner: 'owner', admin: 'administrator', member: 'member' },
    dismissed: (by) => (by === null ? 'The group was dissolved' : `${by} dissolved the group`),
    someGroup: 'Something changed in one of your groups',
    ended: 'Your session was ended',
    endedBy: (who) => `Your session was ended by ${who}`,
    reply: 'Reply',
    markRead: 'Mark as read',
    muteHour: 'Mute for 1 hour',
    acknowledge: 'Acknowledge',
  },
  'zh-CN': {
    newMessages: (count) => (count === 1 ? '新消息' : `${count} 条新消息`),
    from: (name) => `${name}发来新消息`,
    named: (name, line) => `${name}提到了您：${line}`,
    line: (name, line) => `${name}：${line}`,
    chats: (names, more) => names.join('、') + (more === 0 ? '' : `等 ${names.length + more} 个聊天`),
    chatCount: (count) => `来自 ${count} 个聊天`,
    whileOff: '通知关闭期间',
    messagesIn: (messages, chats) => `${chats} 个聊天中有 ${messages} 条消息`,
    noticeCount: (count) => `${count} 条公告`,
    both: (one, other) => `${one}，${other}`,
    kinds: {
      image: '图片',
      file: '文件',
      voice: '语音',
      video: '视频',
      location: '位置',
      card: '名片',
      unsupported: '不支持的消息',
    },
    notices: { announcement: '公告', alert: '提醒', maintenance: '维护', promotion: '推广' },
    someNotice: '有新公告',
    limitsChanged: '您的使用限制已变更',
    readOnly: '您现在只能查看，不能发言',
    writable: '您可以发言了',
    maxLength: (codePoints) => `消息：最多 ${codePoints} 个字符`,
    maxFile: (megabytes) => `文件：最大 ${megabytes} MB`,
    by: (who) => `操作者：${who}`,
    because: (who, reason) => `${who}：${reason}`,
    someChange: '管理员变更了您的权限',
    added: (by) => (by === null ? '您已加入群聊' : `${by}邀请您加入了群聊`),
    removed: (by) => (by === null ? '您已不在此群聊中' : `您被${by}移出群聊`),
    role: (role, by) => (by === null ? `您的角色变更为：${role}` : `${by}将您的角色变更为：${role}`),
    roles: { owner: '群主', admin: '管理员', member: '成员' },
    dismissed: (by) => (by === null ? '群聊已解散' : `${by}解散了群聊`),
    someGroup: '您所在的群组有变更',
    ended: '您的会话已被结束',
    endedBy: (who) => `您的会话已被${who}结束`,
    reply: '回复',
    markRead: '标为已读',
    muteHour: '免打扰 1 小时',
    acknowledge: '确认',
  },
}

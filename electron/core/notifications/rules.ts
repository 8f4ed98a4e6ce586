/** The settings of notifications as the rules that decide about them. */
import type { Settings } from '#common/contract/settings.ts'
import type { NotificationRules } from '#common/domain/notification/policy.ts'

export function rulesFrom(settings: Settings): NotificationRules {
  return {
    channels: {
      chat: {
        on: settings.notifyChat,
        sound: settings.notifyChatSound,
        privacy: settings.notifyChatPrivacy,
        quietHours: settings.notifyChatQuiet
          ? { from: settings.notifyChatQuietFrom, to: settings.notifyChatQuietTo }
          : null,
        bypass: settings.notifyChatBypass,
      },
      system: {
        on: settings.notifySystem,
        sound: settings.notifySystemSound,
        privacy: settings.notifySystemPrivacy,
        quietHours: settings.notifySystemQuiet
          ? { from: settings.notifySystemQuietFrom, to: settings.notifySystemQuietTo }
          : null,
        bypass: settings.notifySystemBypass,
      },
      admin: {
        on: settings.notifyAdmin,
        sound: settings.notifyAdminSound,
        privacy: settings.notifyAdminPrivacy,
        quietHours: settings.notifyAdminQuiet
          ? { from: settings.notifyAdminQuietFrom, to: settings.notifyAdminQuietTo }
          : null,
        bypass: settings.notifyAdminBypass,
      },
    },
    mentionMe: settings.notifyMentionMe,
    mentionAll: settings.notifyMentionAll,
    promotions: settings.notifyPromotions,
    doNotDisturbUntil: settings.doNotDisturbUntil,
  }
}

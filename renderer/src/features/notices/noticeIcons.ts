import { BellRing, Megaphone, Tag, Wrench } from '@lucide/vue'
import type { Component } from 'vue'
import type { Notice } from '#common/domain/notice.ts'

export const noticeIcons: Readonly<Record<Notice['kind'], Component>> = {
  announcement: Megaphone,
  alert: BellRing,
  promotion: Tag,
  maintenance: Wrench,
}

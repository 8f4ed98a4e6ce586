/** The pages of the settings, in their order; a page without a view of its own is made of the registry's descriptors. */
import { AppWindow, Bell, HardDrive, Info, Keyboard, Lock, Palette, PenLine, Users } from '@lucide/vue'
import { type Component, defineAsyncComponent } from 'vue'
import type { SettingsPage } from '../../stores/settings.ts'

export interface SettingsPageEntry {
  readonly id: SettingsPage
  readonly icon: Component
  readonly view: Component | null
  /** Beneath the descriptors of a page that has no view. */
  readonly foot?: Component
}

export const settingsPages: readonly SettingsPageEntry[] = [
  { id: 'appearance', icon: Palette, view: null },
  { id: 'writing', icon: PenLine, view: null },
  {
    id: 'notifications',
    icon: Bell,
    view: null,
    foot: defineAsyncComponent(() => import('../ledger/LedgerLink.vue')),
  },
  { id: 'desktop', icon: AppWindow, view: null },
  { id: 'lock', icon: Lock, view: defineAsyncComponent(() => import('../lock/LockPage.vue')) },
  { id: 'accounts', icon: Users, view: defineAsyncComponent(() => import('../accounts/AccountsPage.vue')) },
  { id: 'storage', icon: HardDrive, view: defineAsyncComponent(() => import('./StoragePage.vue')) },
  { id: 'shortcuts', icon: Keyboard, view: defineAsyncComponent(() => import('../shortcuts/ShortcutsPage.vue')) },
  { id: 'about', icon: Info, view: defineAsyncComponent(() => import('../about/AboutPage.vue')) },
]

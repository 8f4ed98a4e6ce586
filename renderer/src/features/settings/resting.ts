/** Which settings mean nothing now, because a switch that they need is off. */
import {
  type SettingDescriptor,
  type SettingKey,
  type Settings,
  settingDescriptors,
} from '#common/contract/settings.ts'

const descriptors: ReadonlyMap<string, SettingDescriptor> = new Map(Object.entries(settingDescriptors))

export function isResting(key: SettingKey, settings: Settings): boolean {
  const values = new Map<string, unknown>(Object.entries(settings))
  // A switch that rests itself leaves nothing for what needs it.
  for (let needs = descriptors.get(key)?.needs; needs !== undefined; needs = descriptors.get(needs)?.needs)
    if (values.get(needs) === false) return true
  return false
}

/** What details a switch that is off is left out; what else rests stays in its place. */
export function isLeftOut(key: SettingKey, settings: Settings): boolean {
  return settingDescriptors[key].control.kind === 'time' && isResting(key, settings)
}

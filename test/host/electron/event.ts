/** Electron's event objects: extra fields, and `preventDefault` where somebody asks for it afterwards. */

export interface HostEvent {
  preventDefault(): void
  readonly defaultPrevented: boolean
}

export function createEvent<Fields extends object>(fields: Fields): HostEvent & Fields {
  let prevented = false
  return Object.defineProperties(fields, {
    preventDefault: { value: () => void (prevented = true) },
    defaultPrevented: { get: () => prevented },
  }) as HostEvent & Fields
}

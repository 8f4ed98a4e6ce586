/** `powerMonitor`: awake, on mains, as idle as a test says. Suspend, resume and the lock screen are emitted by tests. */
import type { PowerMonitor as ElectronPowerMonitor } from 'electron'
import { type Emulated, emitterBase } from './strict.ts'

export class PowerMonitor extends emitterBase('powerMonitor') implements Emulated<ElectronPowerMonitor> {
  onBatteryPower = false
  /** Set by tests. */
  hostIdleSeconds = 0
  hostLocked = false

  getSystemIdleState(idleThreshold: number): 'active' | 'idle' | 'locked' | 'unknown' {
    if (this.hostLocked) return 'locked'
    return this.hostIdleSeconds >= idleThreshold ? 'idle' : 'active'
  }
  getSystemIdleTime(): number {
    return this.hostIdleSeconds
  }
  getCurrentThermalState(): 'unknown' {
    return 'unknown'
  }
  isOnBatteryPower(): boolean {
    return this.onBatteryPower
  }
}

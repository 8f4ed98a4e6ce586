/** The whole bridge: plain functions of plain data. Nothing here knows the calls; they are listed in the contract. */
import { contextBridge, ipcRenderer } from 'electron'
import { type Bridge, callChannel, pushChannel } from '#common/contract/bridge.ts'

const bridge: Bridge = {
  call: (name, input) => ipcRenderer.invoke(callChannel, name, input),
  onPush: (listener) => {
    const heard = (_event: unknown, push: unknown): void => listener(push)
    ipcRenderer.on(pushChannel, heard)
    return () => void ipcRenderer.off(pushChannel, heard)
  },
}

contextBridge.exposeInMainWorld('godwit', bridge)

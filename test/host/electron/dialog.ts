/** `dialog`: recorded and answered at once, as a test prepared it, else the way that does the least: cancelled. */
import type {
  Dialog as ElectronDialog,
  MessageBoxOptions,
  MessageBoxReturnValue,
  OpenDialogReturnValue,
  SaveDialogReturnValue,
} from 'electron'
import type { Recorder } from '../recorder.ts'
import { type Emulated, strictObject } from './strict.ts'

/** What the user will answer to the next dialog of a kind. */
export type DialogAnswer =
  | { kind: 'message'; response: number; checkboxChecked?: boolean }
  | { kind: 'open'; filePaths: string[] }
  | { kind: 'save'; filePath: string }

export type DialogAnswers = DialogAnswer[]

type Args<Options> = [unknown, Options] | [Options]

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}

export function createDialog(options: { recorder: Recorder; answers: DialogAnswers }) {
  function next<Kind extends DialogAnswer['kind']>(kind: Kind): Extract<DialogAnswer, { kind: Kind }> | undefined {
    const at = options.answers.findIndex((answer) => answer.kind === kind)
    return at < 0 ? undefined : (options.answers.splice(at, 1)[0] as Extract<DialogAnswer, { kind: Kind }>)
  }
  const optionsOf = <Options>(args: Args<Options>): Options => args.at(-1) as Options

  function message(given: Pick<MessageBoxOptions, 'cancelId' | 'defaultId'>): MessageBoxReturnValue {
    const answer = next('message')
    return { response: answer?.response ?? given.cancelId ?? 0, checkboxChecked: answer?.checkboxChecked ?? false }
  }
  function open(): OpenDialogReturnValue {
    const answer = next('open')
    return { canceled: !answer, filePaths: answer?.filePaths ?? [] }
  }
  function save(): SaveDialogReturnValue {
    const answer = next('save')
    return { canceled: !answer, filePath: answer?.filePath ?? '' }
  }

  return strictObject('dialog', {
    async showMessageBox(...args: Args<MessageBoxOptions>): Promise<MessageBoxReturnValue> {
      const { signal, ...shown } = optionsOf(args)
      options.recorder.record('dialog.showMessageBox', shown)
      // Who can be called off and was not answered for stays until he is: as if cancelled.
      if (signal !== undefined && !options.answers.some(({ kind }) => kind === 'message')) await aborted(signal)
      return message(shown)
    },
    showMessageBoxSync(...args: Args<MessageBoxOptions>): number {
      options.recorder.record('dialog.showMessageBoxSync', optionsOf(args))
      return message(optionsOf(args)).response
    },
    async showOpenDialog(...args: Args<object>): Promise<OpenDialogReturnValue> {
      options.recorder.record('dialog.showOpenDialog', optionsOf(args))
      return open()
    },
    async showSaveDialog(...args: Args<object>): Promise<SaveDialogReturnValue> {
      options.recorder.record('dialog.showSaveDialog', optionsOf(args))
      return save()
    },
    showErrorBox(title: string, content: string): void {
      options.recorder.record('dialog.showErrorBox', title, content)
      console.error(`${title}\n${content}`)
    },
  } satisfies Emulated<ElectronDialog>)
}

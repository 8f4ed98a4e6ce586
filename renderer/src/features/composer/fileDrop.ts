/** Files dragged over the window: whether there are any now, and what is dropped, wherever in the window it is. */
import { onBeforeUnmount, onMounted, ref } from 'vue'

export function useFileDrop(onFiles: (files: readonly File[]) => void) {
  const over = ref(false)
  /** A drag enters the next element before it leaves the last one. */
  let depth = 0

  const hasFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true
  const reset = (): void => {
    depth = 0
    over.value = false
  }
  const enter = (event: DragEvent): void => {
    if (!hasFiles(event)) return
    depth++
    over.value = true
  }
  const leave = (event: DragEvent): void => {
    if (hasFiles(event) && --depth <= 0) reset()
  }
  const move = (event: DragEvent): void => {
    if (hasFiles(event)) event.preventDefault()
  }
  const drop = (event: DragEvent): void => {
    if (!hasFiles(event)) return
    event.preventDefault()
    reset()
    onFiles([...(event.dataTransfer?.files ?? [])])
  }

  onMounted(() => {
    window.addEventListener('dragenter', enter)
    window.addEventListener('dragleave', leave)
    window.addEventListener('dragover', move)
    window.addEventListener('drop', drop)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('dragenter', enter)
    window.removeEventListener('dragleave', leave)
    window.removeEventListener('dragover', move)
    window.removeEventListener('drop', drop)
  })
  return over
}

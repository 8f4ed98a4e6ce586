/** The keys of the search and of the palette. Must never act on what the sign-in form covers. */
import { useShortcut } from '../../composables/shortcut.ts'
import { usePalette } from '../../stores/palette.ts'
import { useSearch } from '../../stores/search.ts'
import { useView } from '../../stores/view.ts'

export function useSearchShortcuts(): void {
  const palette = usePalette()
  const search = useSearch()
  const view = useView()

  useShortcut('palette', () => {
    if (palette.shown) palette.shown = false
    else if (!view.signInShown && document.querySelector('[role="dialog"], [role="alertdialog"]') === null) {
      palette.shown = true
    }
  })
  useShortcut('searchMessages', () => {
    if (!view.signInShown) search.openEverywhere()
  })
  useShortcut('findInChat', () => {
    if (view.signInShown) return
    if (view.conversationId === null) search.openEverywhere()
    else search.openIn(view.conversationId)
  })
}

import type { Screen } from './screen.ts'

/** A screen for tests: what was printed, as `source: text`. */
export function createRecordingScreen(): { readonly screen: Screen; readonly printed: readonly string[] } {
  const printed: string[] = []
  return {
    printed,
    screen: {
      heading: (text) => void printed.push(`heading: ${text}`),
      line: (source, text) => void printed.push(`${source}: ${text}`),
      plain: (text) => void printed.push(text),
    },
  }
}

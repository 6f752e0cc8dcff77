import type { Overlay } from './overlay.ts'

/** What an overlay may say about one thing: a price, an amount, whether it is there. */
type Saying = number | boolean

/** What is to be decided: of all things of the same kind, one dispute between two overlays is enough to tell. */
export interface Question {
  readonly kind: string
  readonly about: string
}

/** Decides what holds where several overlays speak, and keeps in mind where none can be believed. */
export interface Bench {
  /**
   * What the heaviest of the overlays say; undefined when nobody says anything, or when two of the same weight say
   * different things. `saying` answers undefined for an overlay that has nothing to say.
   */
  readonly decide: <Said extends Saying>(
    question: Question,
    heaviestFirst: readonly Overlay[],
    saying: (overlay: Overlay) => Said | undefined,
  ) => Said | undefined
  /** One sentence for each two overlays and what they disagree about. */
  readonly disputes: () => readonly string[]
}

/** A bench with no disputes yet. */
export function createBench(): Bench {
  const disputes = new Map<string, string>()
  return {
    decide: (question, heaviestFirst, saying) => {
      const { first, other } = loudest(heaviestFirst, saying)
      if (first === undefined || other === undefined) return first?.said
      const key = [question.kind, first.overlay.name, other.overlay.name].join('\n')
      if (!disputes.has(key)) disputes.set(key, sentence(question, first, other))
      return undefined
    },
    disputes: () => [...disputes.values()],
  }
}

interface Statement<Said> {
  readonly overlay: Overlay
  readonly said: Said
}

/** The first that says something, and one of the same weight that says otherwise. */
function loudest<Said>(overlays: readonly Overlay[], saying: (overlay: Overlay) => Said | undefined) {
  const statements = overlays.flatMap((overlay): readonly Statement<Said>[] => {
    const said = saying(overlay)
    return said === undefined ? [] : [{ overlay, said }]
  })
  const [first] = statements
  const other = statements.find(({ overlay, said }) => overlay.weight === first?.overlay.weight && said !== first.said)
  return { first, other }
}

function sentence({ about }: Question, first: Statement<Saying>, other: Statement<Saying>): string {
  const names = [first, other].map(({ overlay }) => JSON.stringify(overlay.name)).join(' and ')
  return (
    `overlays ${names} disagree about ${about}: ${first.said} and ${other.said}, both with weight ${first.overlay.weight}; ` +
    'give one more weight, or narrower requirements'
  )
}

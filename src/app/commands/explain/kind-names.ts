import type { AnyKind } from '../../../reconciler/kind.ts'

/** An object as people name it. */
export interface NamedObject {
  readonly kind: AnyKind
  readonly name: string
}

/** The object that `ecsservice/hello`, `ecssvc/hello` or the two words mean; a sentence when they mean none. */
export function namedObject(words: readonly string[], kinds: readonly AnyKind[]): NamedObject | string {
  const [kindName = '', name = '', ...rest] = words.length === 1 ? (words[0] ?? '').split('/') : words
  if (kindName === '' || name === '' || rest.length > 0)
    return 'explain wants one object: KIND/NAME, such as ecsservice/hello'
  const kind = kinds.find((candidate) => namesOf(candidate).has(kindName.toLowerCase()))
  return kind === undefined ? `there is no kind "${kindName}"; there are ${kinds.map(hint).join(', ')}` : { kind, name }
}

function namesOf({ kind, presentation }: AnyKind): ReadonlySet<string> {
  const { plural, singular, shortNames } = presentation
  const names = [kind.toLowerCase(), plural, singular, ...shortNames]
  return new Set(names.flatMap((name) => [name, `${name}.longshore.dev`]))
}

function hint({ kind, presentation }: AnyKind): string {
  return `${kind} (${presentation.shortNames.join(', ')})`
}

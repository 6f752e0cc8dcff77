import fc, { type Arbitrary } from 'fast-check'
import { BAD_IMAGE, SLOTS, type Slot, type Wishes } from './slots.ts'

/** What makes a call to AWS go wrong. */
export type AwsTrouble =
  'throttle' | 'unavailable' | 'denied' | 'lost before effect' | 'lost after effect' | 'answers with the past'
/** What makes a call to the API server go wrong. */
export type KubeTrouble = 'conflict' | 'throttled' | 'unavailable' | 'timeout before effect' | 'timeout after effect'

/** Which AWS calls go wrong. */
export type Reach = 'any' | 'read' | 'write'

/** One thing that happens in a history. */
export type Step =
  | { readonly type: 'apply'; readonly slot: Slot; readonly change: Partial<Wishes> }
  | { readonly type: 'delete'; readonly slot: Slot }
  | { readonly type: 'annotate'; readonly slot: Slot; readonly name: string; readonly value: string | null }
  | { readonly type: 'console'; readonly slot: Slot; readonly deed: 'change' | 'delete' }
  | { readonly type: 'stranger'; readonly slot: Slot }
  | { readonly type: 'lose-status'; readonly slot: Slot }
  | {
      readonly type: 'aws-trouble'
      readonly trouble: AwsTrouble
      readonly reach: Reach
      readonly skip: number
      readonly count: number
    }
  | { readonly type: 'kube-trouble'; readonly trouble: KubeTrouble; readonly skip: number; readonly count: number }
  | { readonly type: 'wrong-account'; readonly seconds: number }
  | { readonly type: 'cut-watches' }
  | { readonly type: 'lag'; readonly seconds: number }
  | { readonly type: 'crash'; readonly afterCalls: number }
  | { readonly type: 'wait'; readonly seconds: number }

export type History = readonly Step[]

const CHANGES: Arbitrary<Partial<Wishes>> = fc.oneof(
  fc.constant({}),
  { weight: 3, arbitrary: fc.record({ image: fc.constantFrom('app:v1', 'app:v2', 'app:v3') }) },
  { weight: 2, arbitrary: fc.record({ count: fc.nat({ max: 3 }) }) },
  fc.record({ team: fc.constantFrom('blue', 'red') }),
  { weight: 2, arbitrary: fc.record({ hasExtraTag: fc.boolean() }) },
  fc.record({ isMutable: fc.boolean() }),
  fc.record({ hasLifecycle: fc.boolean() }),
  fc.record({ hasInsights: fc.boolean() }),
  fc.record({ logs: fc.boolean() }),
)

/** Changes that only services know, and that rarely do any good. */
const PITFALLS: Arbitrary<Partial<Wishes>> = fc.constantFrom(
  { image: BAD_IMAGE },
  { cluster: 'nowhere' },
  { cluster: 'c0' },
  { cluster: 'c1' },
)

const ANNOTATIONS = fc.constantFrom<readonly [string, string | null]>(
  ['paused', 'true'],
  ['paused', null],
  ['paused', null],
  ['reconcile-at', 'now'],
  ['reconcile-at', 'later'],
  ['deletion-policy', 'Retain'],
  ['deletion-policy', null],
)

const AWS_TROUBLES = fc.constantFrom<AwsTrouble>(
  'throttle',
  'unavailable',
  'denied',
  'lost before effect',
  'lost after effect',
  'answers with the past',
)
const KUBE_TROUBLES = fc.constantFrom<KubeTrouble>(
  'conflict',
  'throttled',
  'unavailable',
  'timeout before effect',
  'timeout after effect',
)

type StepOf<Type extends Step['type']> = Arbitrary<Step & { readonly type: Type }>
const type = <Type extends Step['type']>(name: Type): Arbitrary<Type> => fc.constant(name)
const skip = fc.nat({ max: 12 })
const count = fc.integer({ min: 1, max: 4 })

/** What people do to these objects. */
function deeds(cast: readonly Slot[]): readonly (readonly [number, Arbitrary<Step>])[] {
  const slot = fc.constantFrom(...cast)
  const apply: StepOf<'apply'> = fc.record({ type: type('apply'), slot, change: CHANGES })
  const stumble: StepOf<'apply'> = fc.record({ type: type('apply'), slot, change: PITFALLS })
  const remove: StepOf<'delete'> = fc.record({ type: type('delete'), slot })
  const annotate = fc.tuple(slot, ANNOTATIONS).map(([named, [name, value]]): Step => {
    return { type: 'annotate', slot: named, name, value }
  })
  const deed = fc.constantFrom('change' as const, 'delete' as const)
  const byHand: StepOf<'console'> = fc.record({ type: type('console'), slot, deed })
  return [
    [12, apply],
    [2, stumble],
    [6, remove],
    [3, annotate],
    [4, byHand],
    [4, fc.record({ type: type('stranger'), slot })],
    [1, fc.record({ type: type('lose-status'), slot })],
  ]
}

/** What goes wrong around the operator, and time. */
const mishaps: readonly (readonly [number, Arbitrary<Step>])[] = [
  [
    9,
    fc.record({
      type: type('aws-trouble'),
      trouble: AWS_TROUBLES,
      reach: fc.constantFrom<Reach>('any', 'read', 'write'),
      skip,
      count,
    }),
  ],
  [5, fc.record({ type: type('kube-trouble'), trouble: KUBE_TROUBLES, skip, count })],
  [1, fc.record({ type: type('wrong-account'), seconds: fc.integer({ min: 1, max: 400 }) })],
  [1, fc.record({ type: type('cut-watches') })],
  [2, fc.record({ type: type('lag'), seconds: fc.integer({ min: 1, max: 20 }) })],
  [7, fc.record({ type: type('crash'), afterCalls: fc.nat({ max: 40 }) })],
  [9, fc.record({ type: type('wait'), seconds: fc.constantFrom(0, 0.2, 1, 5, 30, 120, 400) })],
]

/** Who is in it: few, so that most of what happens concerns somebody. A service without its cluster has little to do. */
const casts: Arbitrary<readonly Slot[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<readonly Slot[]>(['s0', 'c0']) },
  { weight: 2, arbitrary: fc.constantFrom<readonly Slot[]>(['r0'], ['c0'], ['r0', 'c0']) },
  { weight: 1, arbitrary: fc.constant<readonly Slot[]>(['s0', 's2', 'c0']) },
  { weight: 1, arbitrary: fc.constant(SLOTS) },
)

/** Any history. Most begin with everything made and at rest, as real ones do. */
export const history: Arbitrary<History> = casts.chain((cast) => {
  const step = fc.oneof(...[...deeds(cast), ...mishaps].map(([weight, arbitrary]) => ({ weight, arbitrary })))
  const made = cast.map((slot): Step => ({ type: 'apply', slot, change: {} }))
  const beginning = fc.constantFrom<History>([], made, [...made, { type: 'wait', seconds: 120 }])
  const rest = fc.array(step, { minLength: 2, maxLength: 14, size: 'max' })
  return fc.tuple(beginning, rest).map(([first, then]) => [...first, ...then])
})

/** A history as one can tell it. */
export function inWords(steps: History): string {
  return steps.map((one, index) => `${String(index + 1).padStart(3)}. ${wordsFor(one)}`).join('\n')
}

function wordsFor(one: Step): string {
  switch (one.type) {
    case 'apply':
      return `a user applies ${one.slot}${wordsForChange(one.change)}`
    case 'delete':
      return `a user deletes ${one.slot}`
    case 'annotate':
      return `a user ${one.value === null ? `takes ${one.name} off` : `sets ${one.name} to ${one.value} on`} ${one.slot}`
    case 'console':
      return `somebody ${one.deed}s what ${one.slot} stands for in AWS by hand`
    case 'stranger':
      return `a stranger makes an AWS object under the name of ${one.slot}`
    case 'lose-status':
      return `the status of ${one.slot} is lost`
    case 'wrong-account':
      return `the credentials are those of another account for ${one.seconds} s`
    case 'cut-watches':
      return 'the watches are cut'
    case 'lag':
      return `what the watches say comes late for ${one.seconds} s`
    case 'crash':
      return `the operator dies ${one.afterCalls} halves of calls from now and starts again`
    case 'wait':
      return `${one.seconds} s pass`
    case 'aws-trouble':
    case 'kube-trouble':
      return wordsForTrouble(one)
  }
}

function wordsForChange(wished: Partial<Wishes>): string {
  const parts = Object.entries(wished).map(([name, value]) => `${name} ${value}`)
  return parts.length === 0 ? '' : ` with ${parts.join(', ')}`
}

function wordsForTrouble(one: Step & { readonly type: 'aws-trouble' | 'kube-trouble' }): string {
  const after = one.skip === 0 ? '' : `, after the next ${one.skip},`
  if (one.type === 'kube-trouble') return `Kubernetes: ${one.count} writes${after} meet: ${one.trouble}`
  return `AWS: ${one.count} ${one.reach === 'any' ? '' : `${one.reach} `}calls${after} meet: ${one.trouble}`
}

import fc, { type Arbitrary } from 'fast-check'
import { BAD_IMAGE, SLOTS, type Slot, type Wishes } from './slots.ts'
import type { AwsTrouble, History, KubeTrouble, Reach, Step, WatchTrouble } from './step.ts'

const CHANGES_OF_ALL = [
  fc.constant({}),
  fc.record({ team: fc.constantFrom('blue', 'red') }),
  fc.record({ hasExtraTag: fc.boolean() }),
  fc.record({ hasExtraTag: fc.boolean() }),
] as const

const imageName = fc.constantFrom('app:v1', 'app:v2', 'app:v3')

/** What changes something about a repository, a cluster or a service. */
function changesOf(slot: Slot): Arbitrary<Partial<Wishes>> {
  switch (slot.charAt(0)) {
    case 'r':
      return fc.oneof(
        ...CHANGES_OF_ALL,
        fc.record({ isMutable: fc.boolean() }),
        fc.record({ hasLifecycle: fc.boolean() }),
      )
    case 'c':
      return fc.oneof(...CHANGES_OF_ALL, fc.record({ hasInsights: fc.boolean() }))
    default:
      return fc.oneof(
        ...CHANGES_OF_ALL,
        { weight: 3, arbitrary: fc.record({ image: imageName }) },
        { weight: 2, arbitrary: fc.record({ count: fc.nat({ max: 3 }) }) },
        fc.record({ logs: fc.boolean() }),
      )
  }
}

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

const AWS_TROUBLES: readonly AwsTrouble[] = [
  'throttle',
  'unavailable',
  'denied',
  'lost before effect',
  'lost after effect',
  'lost and late',
  'slow',
  'too slow',
  'answers with the past',
  'refused',
]
const KUBE_TROUBLES: readonly KubeTrouble[] = [
  'conflict',
  'throttled',
  'unavailable',
  'timeout before effect',
  'timeout after effect',
]
const WATCH_TROUBLES: readonly WatchTrouble[] = ['gone', 'throttled', 'unavailable', 'silent']

type StepOf<Type extends Step['type']> = Arbitrary<Step & { readonly type: Type }>
/** A step, or several that make most trouble when they follow each other closely. */
type Scene = Arbitrary<readonly Step[]>
type Weighted = readonly (readonly [number, Scene])[]

const type = <Type extends Step['type']>(name: Type): Arbitrary<Type> => fc.constant(name)
const alone = (step: Arbitrary<Step>): Scene => step.map((one) => [one])
const reach = fc.constantFrom<Reach>('any', 'read', 'write')
/** What goes wrong soon meets what was just begun. */
const skip = fc.oneof(fc.nat({ max: 2 }), fc.nat({ max: 12 }))
const count = fc.integer({ min: 1, max: 4 })

const wait: StepOf<'wait'> = fc.record({ type: type('wait'), seconds: fc.constantFrom(0, 0.2, 1, 5, 30, 120, 400) })
const moment: StepOf<'wait'> = fc.record({ type: type('wait'), seconds: fc.constantFrom(0, 0.02, 0.2, 1, 2, 5) })
const crash: StepOf<'crash'> = fc.record({ type: type('crash'), afterCalls: fc.nat({ max: 40 }) })
/** Long enough that what is done counts as done. */
const pause: StepOf<'wait'> = fc.record({ type: type('wait'), seconds: fc.constantFrom(1, 20, 60, 60) })
/** Shorter than a call that is slow, and long enough that most would have settled since it began. */
const longCall: StepOf<'wait'> = fc.record({ type: type('wait'), seconds: fc.constantFrom(5, 10, 15, 20) })
/** Longer than an API server is away, as a rule, and who asked in vain waits before asking again. */
const recovery: StepOf<'wait'> = fc.record({ type: type('wait'), seconds: fc.constantFrom(30, 120) })
const handOver: StepOf<'hand-over'> = fc.record({ type: type('hand-over'), seconds: fc.constantFrom(0, 1, 5, 20, 40) })
const deafStandBy: Arbitrary<Step> = fc.constant({ type: 'stand-by', isDeaf: true })
const standBy: StepOf<'stand-by'> = fc.record({ type: type('stand-by'), isDeaf: fc.boolean() })
const lag: StepOf<'lag'> = fc.record({ type: type('lag'), seconds: fc.integer({ min: 1, max: 20 }) })
const outage: StepOf<'outage'> = fc.record({ type: type('outage'), seconds: fc.constantFrom(1, 10, 60, 200) })
const awsTrouble: StepOf<'aws-trouble'> = fc.record({
  type: type('aws-trouble'),
  trouble: fc.constantFrom(...AWS_TROUBLES),
  reach,
  skip,
  count,
})
const kubeTrouble: StepOf<'kube-trouble'> = fc.record({
  type: type('kube-trouble'),
  trouble: fc.constantFrom(...KUBE_TROUBLES),
  reach: fc.oneof({ weight: 3, arbitrary: fc.constant<Reach>('write') }, fc.constantFrom<Reach>('read', 'any')),
  skip,
  count,
})

interface Deeds {
  readonly slot: Arbitrary<Slot>
  readonly apply: Arbitrary<Step>
  readonly stumble: Arbitrary<Step>
  readonly remove: Arbitrary<Step>
  readonly annotate: Arbitrary<Step>
  readonly byHand: Arbitrary<Step>
  readonly goneByHand: Arbitrary<Step>
  readonly stranger: Arbitrary<Step>
  readonly loseStatus: Arbitrary<Step>
  readonly spoilStatus: Arbitrary<Step>
}

function pastWithin(reads: number): Arbitrary<Step> {
  return fc.record({
    type: type('aws-trouble'),
    trouble: fc.constant<AwsTrouble>('answers with the past'),
    reach: fc.constant<Reach>('read'),
    skip: fc.nat({ max: reads }),
    count,
  })
}

/** Reads show the past, and a write gets no answer or a late one: nobody can tell whether something was made. */
const blindness: Scene = fc.tuple(
  pastWithin(6),
  fc.record({
    type: type('aws-trouble'),
    trouble: fc.constantFrom<AwsTrouble>('lost after effect', 'lost and late', 'slow', 'too slow'),
    reach: fc.constant<Reach>('write'),
    skip: fc.nat({ max: 3 }),
    count: fc.constant(1),
  }),
)

/** AWS is slow: the next writes, or some soon after, are answered late, if at all. */
function slowness(skipped: number, most: number): Arbitrary<Step> {
  return fc.record({
    type: type('aws-trouble'),
    trouble: fc.constantFrom<AwsTrouble>('slow', 'too slow'),
    reach: fc.constant<Reach>('write'),
    skip: fc.nat({ max: skipped }),
    count: fc.integer({ min: 1, max: most }),
  })
}

/** A write goes wrong right away, in one way or another. */
const miss: Scene = alone(
  fc.record({
    type: type('aws-trouble'),
    trouble: fc.constantFrom(...AWS_TROUBLES.filter((trouble) => trouble !== 'answers with the past')),
    reach: fc.constant<Reach>('write'),
    skip: fc.nat({ max: 2 }),
    count: fc.integer({ min: 1, max: 2 }),
  }),
)

/** The one twice as often as the other. */
const oftenOr = (one: Arbitrary<Step>, other: Arbitrary<Step>): Arbitrary<Step> =>
  fc.oneof({ weight: 2, arbitrary: one }, other)

const removalOf = (slot: Slot): Arbitrary<Step> => fc.constant({ type: 'delete', slot })

function awayOf(slot: Slot): History {
  return [
    { type: 'delete', slot },
    { type: 'wait', seconds: 120 },
  ]
}

function backOf(slot: Slot): Step {
  return { type: 'apply', slot, change: {} }
}

/** Another edit of what was at rest before the first is through; what that has made does not show when the next is decided. */
function impatience(slot: Slot, next: Arbitrary<Step>): Scene {
  const rest: Step = { type: 'wait', seconds: 120 }
  const change = slot.startsWith('s') ? fc.record({ image: imageName }) : changesOf(slot)
  const first = fc.record({ type: type('apply'), slot: fc.constant(slot), change })
  return fc.tuple(slowness(0, 4), first, pastWithin(2), moment, next, pause).map((steps) => [rest, ...steps])
}

/** An object goes, and comes back to trouble; `end` follows at once. */
function shortLife(slot: Slot, end: Arbitrary<Step>): Scene {
  const trouble = fc.oneof({ weight: 2, arbitrary: miss }, blindness, alone(crash))
  return fc
    .tuple(trouble, moment, end)
    .map(([blows, then, last]) => [...awayOf(slot), ...blows, backOf(slot), then, last])
}

/** An object comes back, and who makes it is replaced while a call takes long; reads show the next one the past. */
function cutOff(slot: Slot, end: Arbitrary<Step>): Scene {
  return fc
    .tuple(slowness(2, 1), longCall, pastWithin(6), handOver, moment, end)
    .map(([slow, ...then]) => [...awayOf(slot), slow, backOf(slot), ...then])
}

function applied(slot: Slot): Arbitrary<Step> {
  return fc.record({ type: type('apply'), slot: fc.constant(slot), change: changesOf(slot) })
}

/** What people do to these objects. */
function deedsTo(cast: readonly Slot[]): Deeds {
  const slot = fc.constantFrom(...cast)
  const deed = fc.constantFrom('change' as const, 'delete' as const)
  return {
    slot,
    apply: fc.oneof(...cast.map(applied)),
    stumble: fc.record({ type: type('apply'), slot, change: PITFALLS }),
    remove: fc.record({ type: type('delete'), slot }),
    annotate: fc.tuple(slot, ANNOTATIONS).map(([named, [name, value]]): Step => {
      return { type: 'annotate', slot: named, name, value }
    }),
    byHand: fc.record({ type: type('console'), slot, deed }),
    goneByHand: fc.record({ type: type('console'), slot, deed: fc.constant('delete' as const) }),
    stranger: fc.record({ type: type('stranger'), slot }),
    loseStatus: fc.record({ type: type('lose-status'), slot }),
    spoilStatus: fc.record({ type: type('spoil-status'), slot }),
  }
}

function singly({ apply, stumble, remove, annotate, byHand, stranger, loseStatus, spoilStatus }: Deeds): Weighted {
  return [
    [12, alone(apply)],
    [2, alone(stumble)],
    [6, alone(remove)],
    [3, alone(annotate)],
    [4, alone(byHand)],
    [4, alone(stranger)],
    [1, alone(loseStatus)],
    [1, alone(spoilStatus)],
  ]
}

/** What rarely comes about by chance, and where mistakes hide: one thing right on the heels of another. */
function scenes({ slot, apply, remove, annotate, goneByHand, stranger, loseStatus }: Deeds): Weighted {
  const change = oftenOr(apply, remove)
  const blow = fc.oneof<Arbitrary<Step>[]>(awsTrouble, kubeTrouble, crash, crash, handOver, lag)
  return [
    // The operator is cut short in the middle of something, and the world has moved on when it is back.
    [4, fc.tuple(blow, change, moment, fc.oneof(change, loseStatus))],
    [2, fc.tuple(change, moment, crash, moment, remove)],
    [3, fc.tuple(blindness, change, moment, change).map(([blows, ...then]) => [...blows, ...then])],
    // Users do not wait for an AWS that is slow.
    [4, slot.chain((one) => impatience(one, oftenOr(applied(one), removalOf(one))))],
    // A stranger takes the place of what was ours.
    [2, fc.tuple(goneByHand, stranger, moment, fc.oneof(remove, apply))],
    // The same name again, before the first is gone, or right after.
    [2, fc.tuple(remove, moment, apply)],
    // What it keeps in status is not there when it has to clean up.
    [1, fc.tuple(loseStatus, change, remove)],
    [1, fc.tuple(annotate, change, remove)],
    // The next leader knows nothing of what the one before it did.
    [3, fc.tuple(deafStandBy, change, pause, handOver)],
    [2, slot.chain((one) => cutOff(one, oftenOr(removalOf(one), change)))],
    // The API server goes away and begins anew, and nobody is told what goes before the watches are back.
    [2, fc.tuple(remove, moment, outage, recovery)],
    // It is made, that goes wrong, and nobody wants it any more before anybody knows what came of it.
    [3, slot.chain((one) => shortLife(one, oftenOr(removalOf(one), change)))],
  ]
}

/** What goes wrong around the operator, and time. */
const mishaps: Weighted = [
  [9, alone(awsTrouble)],
  [5, alone(kubeTrouble)],
  [1, alone(fc.record({ type: type('wrong-account'), seconds: fc.integer({ min: 1, max: 400 }) }))],
  [
    2,
    alone(
      fc.record({ type: type('cut-watches'), trouble: fc.constantFrom('none' as const, ...WATCH_TROUBLES), count }),
    ),
  ],
  [2, alone(lag)],
  [1, alone(outage)],
  [6, alone(crash)],
  [2, alone(handOver)],
  [1, alone(standBy)],
  [9, alone(wait)],
]

/** Who is in it: few, so that most of what happens concerns somebody. A service without its cluster has little to do. */
const casts: Arbitrary<readonly Slot[]> = fc.oneof(
  { weight: 4, arbitrary: fc.constant<readonly Slot[]>(['s0', 'c0']) },
  { weight: 2, arbitrary: fc.constantFrom<readonly Slot[]>(['r0'], ['c0'], ['r0', 'c0']) },
  { weight: 1, arbitrary: fc.constant<readonly Slot[]>(['s0', 's2', 'c0']) },
  // Two that want the same AWS object.
  { weight: 1, arbitrary: fc.constantFrom<readonly Slot[]>(['r0', 'r2'], ['s0', 's3', 'c0']) },
  { weight: 1, arbitrary: fc.constant(SLOTS) },
)

/** Any history. Most begin with everything made and at rest, as real ones do. */
export const history: Arbitrary<History> = casts.chain((cast) => {
  const deeds = deedsTo(cast)
  const all = [...singly(deeds), ...scenes(deeds), ...mishaps]
  const scene = fc.oneof(...all.map(([weight, arbitrary]) => ({ weight, arbitrary })))
  const made = cast.map((slot): Step => ({ type: 'apply', slot, change: {} }))
  const beginning = fc.constantFrom<History>([], made, [...made, { type: 'wait', seconds: 120 }])
  const rest = fc.array(scene, { minLength: 2, maxLength: 10, size: 'max' })
  return fc.tuple(beginning, rest).map(([first, then]) => [...first, ...then.flat()])
})

import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { kinds } from '../../src/app/kinds.ts'
import type { Reason } from '../../src/core/conditions.ts'
import type { KubeObject } from '../../src/kube/cluster.ts'
import { requestsOf, statusOf } from '../../src/reconciler/managed.ts'
import { runCheck } from '../conformance/check.ts'
import { checksFor } from '../conformance/checks.ts'
import { subjectOf } from '../conformance/subject.ts'
import { type Verdict, argoVerdicts, kstatusVerdicts } from '../support/verdicts.ts'

/** One version of an object in the cluster, with what the programs make of it. */
interface Seen {
  readonly object: KubeObject
  readonly argo: Verdict
  readonly kstatus: Verdict
}

/** The versions of one object, oldest first. */
type Life = readonly KubeObject[]

/** Versions of many objects, world after world, taken apart. */
function livesIn(versions: readonly KubeObject[]): readonly Life[] {
  const lives: KubeObject[][] = []
  const current = new Map<string, KubeObject[]>()
  for (const object of versions) {
    const id = `${object.kind} ${object.metadata.name} ${object.metadata.uid}`
    const life = current.get(id)
    const isLater = Number(life?.at(-1)?.metadata.resourceVersion) < Number(object.metadata.resourceVersion)
    if (life && isLater) life.push(object)
    else {
      const begun = [object]
      current.set(id, begun)
      lives.push(begun)
    }
  }
  return lives
}

/** Every object of every world in which the conformance suite puts a kind. */
async function recordedLives(): Promise<readonly Life[]> {
  const lives: Life[] = []
  for (const kind of kinds) {
    const subject = subjectOf(kind)
    for (const check of checksFor(subject)) lives.push(...livesIn((await runCheck(check, subject)).versions))
  }
  return lives
}

async function judge(lives: readonly Life[]): Promise<readonly (readonly Seen[])[]> {
  const objects = lives.flat()
  const [argo, kstatus] = await Promise.all([argoVerdicts(objects, 'by-kind'), kstatusVerdicts(objects)])
  let next = 0
  return lives.map((life) =>
    life.map((object) => {
      const verdicts = { argo: argo[next] ?? assert.fail('no opinion'), kstatus: kstatus[next] ?? assert.fail('none') }
      next += 1
      return { object, ...verdicts }
    }),
  )
}

const isDeleted = ({ object }: Seen) => object.metadata.deletionTimestamp !== undefined
const isPaused = ({ object }: Seen) => requestsOf(object)['paused'] === 'true'
const isStale = ({ object }: Seen) => statusOf(object).observedGeneration !== object.metadata.generation
const readyIn = ({ object }: Seen) => statusOf(object).conditions?.find(({ type }) => type === 'Ready')

/** A line for a person who wants to know which one it was. */
function sentenceOf(seen: Seen): string {
  const { object, argo, kstatus } = seen
  const ready = readyIn(seen)
  return `${object.kind} ${ready?.status}/${ready?.reason}: ${argo.status} (${argo.message}), ${kstatus.status}`
}

/** What Argo CD shows of an object of which status says that it stands so, and nothing was edited since. */
const HEALTH: { readonly [R in Reason]?: string } = {
  InSync: 'Healthy',
  Drifted: 'Healthy',
  Applying: 'Progressing',
  Settling: 'Progressing',
  WaitingForReference: 'Progressing',
  Creating: 'Progressing',
  Draining: 'Progressing',
  RollingOut: 'Progressing',
  RollingBack: 'Progressing',
  Busy: 'Progressing',
  Throttled: 'Progressing',
  AwsUnavailable: 'Progressing',
  Paused: 'Progressing',
  ObserveOnly: 'Suspended',
  AdoptionPending: 'Suspended',
  AccessDenied: 'Degraded',
  ForeignResource: 'Degraded',
  ImmutableField: 'Degraded',
  RefusedByAws: 'Degraded',
  RolledBack: 'Degraded',
  WrongAccount: 'Degraded',
}

/** What goes with what kstatus says, that is with what Flux and Helm do. */
const AGREEMENT: Readonly<Record<string, readonly string[]>> = {
  Current: ['Healthy'],
  InProgress: ['Progressing'],
  Failed: ['Degraded'],
  Terminating: ['Progressing'],
}

/** Where Argo CD can say more: it has a word for what somebody holds, and for what is there and does not serve. */
const EXCEPTIONS: readonly ((seen: Seen) => boolean)[] = [
  isPaused,
  (seen) => readyIn(seen)?.reason === 'Paused',
  (seen) => readyIn(seen)?.reason === 'ObserveOnly',
  (seen) => readyIn(seen)?.reason === 'AdoptionPending',
  ({ object }) =>
    statusOf(object).conditions?.some(({ type, status }) => type === 'Available' && status === 'False') ?? false,
]

describe('of every version of every object in the conformance suite', () => {
  let lives: readonly (readonly Seen[])[] = []
  const all = () => lives.flat()
  const none = (rule: (seen: Seen) => boolean) => assert.deepEqual(all().filter(rule).map(sentenceOf), [])

  before(async () => {
    lives = await judge(await recordedLives())
  })

  test('there are many, of every kind', () => {
    assert.deepEqual(
      kinds.map(({ kind }) => kind).filter((kind) => all().filter(({ object }) => object.kind === kind).length < 300),
      [],
    )
  })

  test('kstatus calls none Current that is not Ready in its newest generation', () => {
    none((seen) => seen.kstatus.status === 'Current' && !(readyIn(seen)?.status === 'True' && !isStale(seen)))
  })

  test('kstatus calls all Current that are Ready in their newest generation', () => {
    none(
      (seen) =>
        readyIn(seen)?.status === 'True' && !isStale(seen) && !isDeleted(seen) && seen.kstatus.status !== 'Current',
    )
  })

  test('kstatus gives up only where a person is needed', () => {
    none(
      (seen) =>
        seen.kstatus.status === 'Failed' &&
        !statusOf(seen.object).conditions?.some(({ type, status }) => type === 'Stalled' && status === 'True'),
    )
  })

  test('Argo CD shows each as its reason says', () => {
    none(
      (seen) =>
        !isDeleted(seen) &&
        !isPaused(seen) &&
        !isStale(seen) &&
        seen.argo.status !== HEALTH[readyIn(seen)?.reason ?? 'UnexpectedError'] &&
        seen.argo.message?.startsWith('NotEnoughRunning') !== true,
    )
  })

  test('every reason stands in what Argo CD shows, and was seen', () => {
    const seen = new Set(all().map((each) => readyIn(each)?.reason))

    assert.deepEqual(
      Object.keys(HEALTH).filter((reason) => ![...seen].includes(reason as Reason)),
      [],
    )
  })

  test('Argo CD shows all that is stale or being deleted as Progressing, but for what is paused', () => {
    none((seen) => (isDeleted(seen) || isStale(seen)) && !isPaused(seen) && seen.argo.status !== 'Progressing')
  })

  test('Argo CD says a sentence of each', () => {
    none(({ argo }) => (argo.message ?? '').length < 'Busy: wait'.length)
  })

  test('Argo CD and kstatus agree, but for what Argo CD has a word of its own for', () => {
    none(
      (seen) =>
        !EXCEPTIONS.some((isException) => isException(seen)) &&
        AGREEMENT[seen.kstatus.status]?.includes(seen.argo.status) !== true,
    )
  })

  test('what is Degraded stays so until somebody acts or another reason is told', () => {
    assert.deepEqual(lives.flatMap(relapses), [])
  })
})

/** Where a failure came back, for the same reason and without an edit, after a while in which it was not shown. */
function relapses(life: readonly Seen[]): readonly string[] {
  return life.flatMap((seen, i) => {
    const previous = life[i - 1]
    if (seen.argo.status !== 'Degraded' || previous === undefined || previous.argo.status === 'Degraded') return []
    const earlier = life.slice(0, i).findLast(({ argo }) => argo.status === 'Degraded')
    const isSame =
      earlier !== undefined &&
      earlier.argo.message === seen.argo.message &&
      earlier.object.metadata.generation === seen.object.metadata.generation &&
      JSON.stringify(requestsOf(earlier.object)) === JSON.stringify(requestsOf(seen.object))
    return isSame ? [`${sentenceOf(seen)} after ${sentenceOf(previous)}`] : []
  })
}

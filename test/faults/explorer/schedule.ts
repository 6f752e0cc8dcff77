import { statusOf } from '../../../src/reconciler/managed.ts'
import { PASS_SECONDS } from '../../../src/runtime/reconcile.ts'
import { STORED, type Holdings } from './growth.ts'
import { SETTLE_SECONDS } from './life.ts'
import { OTHER_ACCOUNT, SLOTS } from './slots.ts'
import { createStage, type Stage } from './stage.ts'
import type { History } from './step.ts'
import { problemsAtRest, tellAll } from './verdict.ts'
import { isGoing } from './view.ts'

/** Longer than the time between two looks for drift. */
const DRIFT_SECONDS = 400
/** More virtual time than any rollout, roll-back or back-off takes to come to rest. */
const PATIENCE_SECONDS = 1800
const LOOK_SECONDS = 60
/** Longer than a pass over everything after a start takes. */
const GLANCE_SECONDS = 10
/** After this long nobody remembers events. */
const FORGET_SECONDS = 1800
/** Long enough to begin everything that goes on for ever. */
const NEWBORN_SECONDS = 10
/**
 * Caches that forget when they are full, pace lines (one for each operation), labels of metrics, and who said how much in
 * the last hours.
 */
const BOUNDED = [
  'src/aws/session.ts',
  'src/aws/ecs-rollouts.ts',
  'src/aws/pace.ts',
  'src/runtime/queue-metrics.ts',
  'src/runtime/burst.ts',
]

const unhandled: string[] = []
process.on('unhandledRejection', (error) =>
  unhandled.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
)

/** Lives through a history in virtual time; answers what went wrong. */
export async function runSchedule(history: History): Promise<readonly string[]> {
  unhandled.length = 0
  const stage = await createStage(history)
  for (const step of history) await stage.perform(step)
  stage.endTroubles()

  const problems = [
    async () => stage.scandals(),
    () => untilRest(stage),
    () => againWritesNothing(stage),
    () => leavesNothing(stage),
    async () => unhandled.map((error) => `unhandled: ${error}`),
  ]
  for (const find of problems) {
    const found = await find()
    if (found.length > 0) return found
  }
  stage.life().die()
  return []
}

async function untilRest(stage: Stage): Promise<readonly string[]> {
  const end = stage.clock.now() + PATIENCE_SECONDS * 1000
  await stage.clock.advance(DRIFT_SECONDS)
  const unheard = unseenGenerations(stage)
  if (unheard.length > 0) return unheard
  for (;;) {
    const problems = problemsAtRest(stage)
    if (problems.length === 0) return strayedStores(stage)
    if (stage.scandals().length > 0 || stage.clock.now() > end) return problems
    await stage.clock.advance(LOOK_SECONDS)
  }
}

/** The process that has lived through it knows of what is there, and of nothing else. */
function strayedStores(stage: Stage): readonly string[] {
  const [known, there] = [stage.life().holdings().get(STORED), stage.objects().length]
  return known === there ? [] : [`its stores have ${known} objects, though ${there} are there`]
}

/** However long it takes to follow an edit, that it was seen is said soon. */
function unseenGenerations(stage: Stage): readonly string[] {
  const unseen = stage.objects().filter(([, object]) => {
    const isPaused = object.metadata.annotations?.['longshore.dev/paused'] === 'true'
    return !isPaused && !isGoing(object) && statusOf(object).observedGeneration !== object.metadata.generation
  })
  return unseen.map(([slot]) => `${slot}: after ${DRIFT_SECONDS} s nothing says that its generation was seen`)
}

/** Once more over everything, as after a restart. */
async function againWritesNothing(stage: Stage): Promise<readonly string[]> {
  // Nobody tells a process how long the one before it was at what it tried: it has to assume the longest, and then settles.
  await stage.clock.advance(PASS_SECONDS + SETTLE_SECONDS)
  // Counts in the status of one object follow what another one did.
  await stage.restart()
  await stage.clock.advance(GLANCE_SECONDS)
  const [aws, kubernetes] = [awsWritesOf(stage).length, stage.cluster.writes.length]
  await stage.restart()
  await stage.clock.advance(GLANCE_SECONDS)
  const writes = [...awsWritesOf(stage).slice(aws), ...stage.cluster.writes.slice(kubernetes)]
  return writes.map((write) => `at rest it wrote ${write}`)
}

const READS = /^(Describe|List|Get|BatchGet|Filter)/

function awsWritesOf({ simulator }: Stage): readonly string[] {
  return simulator.log.calls().flatMap(({ operation }) => (READS.test(operation) ? [] : [operation]))
}

/** Users delete everything: nothing is left, neither in AWS nor in the operator. */
async function leavesNothing(stage: Stage): Promise<readonly string[]> {
  await dismissStrangers(stage)
  for (const slot of SLOTS) {
    await stage.perform({ type: 'annotate', slot, name: 'paused', value: null })
    await stage.perform({ type: 'annotate', slot, name: 'deletion-policy', value: null })
    await stage.perform({ type: 'delete', slot })
  }
  await untilGone(stage)
  // What was made with other credentials can only go with them.
  if (stage.objects().some(([, object]) => statusOf(object).accountId === OTHER_ACCOUNT)) {
    stage.useAccount(OTHER_ACCOUNT)
    await untilGone(stage)
  }
  const left = stage.objects().length > 0 ? [`not deleted: ${tellAll(stage)}`] : []
  const problems = [...left, ...problemsAtRest(stage)]
  return problems.length > 0 ? problems : growthOf(stage)
}

async function untilGone(stage: Stage): Promise<void> {
  const end = stage.clock.now() + PATIENCE_SECONDS * 1000
  while (stage.objects().length > 0 && stage.clock.now() < end) await stage.clock.advance(LOOK_SECONDS)
}

/** A service that is not ours, or not ours any more, would keep our cluster for ever. What is deleted drains first. */
async function dismissStrangers(stage: Stage): Promise<void> {
  for (const thing of stage.things()) {
    if (thing.type !== 'service' || 'longshore.dev/name' in thing.tags) continue
    stage.foreign.delete(thing.arn)
    stage.kept.delete(thing.arn)
    const { cluster } = thing.state
    await stage.people.ecsServices.deleteService({ cluster, service: thing.name }, new AbortController().signal)
  }
  await stage.clock.advance(LOOK_SECONDS)
}

/** An operator that has lived long keeps no more than one that was just born. */
async function growthOf(stage: Stage): Promise<readonly string[]> {
  await stage.clock.advance(FORGET_SECONDS)
  const old = stage.life().holdings()
  await stage.restart()
  await stage.clock.advance(NEWBORN_SECONDS)
  const young = stage.life().holdings()
  return [...old].flatMap(([name, count]) => moreThan(young, name, count))
}

function moreThan(young: Holdings, name: string, count: number): readonly string[] {
  const isBounded = BOUNDED.some((place) => name.includes(place))
  return isBounded || count <= (young.get(name) ?? 0) ? [] : [`${name}: ${count}, though nothing is there`]
}

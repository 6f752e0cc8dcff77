import { kinds } from '../../../src/app/kinds.ts'
import { statusOf } from '../../../src/reconciler/managed.ts'
import type { History } from './history.ts'
import { SLOTS, typeOf, NAMESPACE } from './slots.ts'
import { createStage, OTHER_ACCOUNT, type Stage } from './stage.ts'
import { problemsAtRest, tellAll } from './verdict.ts'

/** Longer than the time between two looks for drift. */
const DRIFT_SECONDS = 400
/** More virtual time than any rollout, roll-back or back-off takes to come to rest. */
const PATIENCE_SECONDS = 3 * 3600
const LOOK_SECONDS = 60
/** Longer than a pass over everything after a start takes. */
const GLANCE_SECONDS = 10
/** After this long nobody remembers events. */
const FORGET_SECONDS = 1800
/** What an operator without objects waits for: for each kind the idle deadline of its watch and its sweep; those of its events. */
const IDLE_TIMERS = 2 * kinds.length + 1

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
  for (;;) {
    const problems = problemsAtRest(stage)
    if (problems.length === 0 || stage.clock.now() > end) return problems
    await stage.clock.advance(LOOK_SECONDS)
  }
}

/** Once more over everything, as after a restart. */
async function againWritesNothing(stage: Stage): Promise<readonly string[]> {
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
    const { cluster } = thing.state
    await stage.people.ecsServices.deleteService({ cluster, service: thing.name }, new AbortController().signal)
  }
  await stage.clock.advance(LOOK_SECONDS)
}

async function growthOf(stage: Stage): Promise<readonly string[]> {
  const objects = SLOTS.filter((slot) => stage.cluster.storeOf(typeOf(slot)).get(`${NAMESPACE}/${slot}`) !== undefined)
  await stage.clock.advance(FORGET_SECONDS)
  const timers = stage.life().timers()
  return timers === IDLE_TIMERS && objects.length === 0 ? [] : [`${timers} timers wait though nothing is there`]
}

import type { KubeObject } from '../../../src/kube/cluster.ts'
import type { Aftermath } from '../explorer/aftermath.ts'
import { OTHER_ACCOUNT, SECRET, SLOTS } from '../explorer/slots.ts'
import type { History } from '../explorer/step.ts'
import { problemsAtRest, tellAll } from '../explorer/verdict.ts'
import { isElsewhere } from '../explorer/view.ts'
import type { Room } from './room.ts'
import { openStage, type ReplayStage } from './stage.ts'
import { sleep } from './time.ts'

/** More than any rollout, roll-back or pause after a failure takes to come to rest, in seconds of ours. */
const PATIENCE_SECONDS = 120
const LOOK_SECONDS = 0.25
const MOST_ATTEMPTS = 5

/**
 * Lives through a history with real processes: the operator as users run it, ended by `kill -9`, a real API server behind
 * a proxy that makes its answers go wrong, simulated AWS as a process of its own. Answers what went wrong.
 */
export async function replay(history: History, room: Room): Promise<readonly string[]> {
  await using stage = await openStage(room)
  for (const step of history) await stage.perform(step)
  await stage.heal()

  for (const find of [untilRest, againWritesNothing, leavesNothing]) {
    const found = await find(stage)
    if (found.length > 0) return found
  }
  const told = (await stage.metrics()).includes(SECRET) ? ['a secret in the metrics'] : []
  return [...told, ...(await stage.look()).scandals()]
}

/** As long as something is wrong that may still come right. */
async function untilRest(stage: ReplayStage): Promise<readonly string[]> {
  const end = performance.now() + PATIENCE_SECONDS * 1000
  for (;;) {
    const aftermath = await stage.look()
    const problems = problemsAtRest(aftermath)
    if (problems.length === 0 || aftermath.scandals().length > 0 || performance.now() > end) return problems
    await sleep(LOOK_SECONDS)
  }
}

/** Once more over everything, as after a restart: what is at rest in AWS as well leaves nothing to write. */
async function againWritesNothing(stage: ReplayStage): Promise<readonly string[]> {
  for (let attempts = 1; ; attempts += 1) {
    const { length } = stage.writes()
    await stage.settle()
    const writes = stage.writes().slice(length)
    // Tasks of a rollout that is done may still be stopping, and are counted.
    if (writes.length === 0 || attempts === MOST_ATTEMPTS) return writes.map((write) => `at rest it wrote ${write}`)
  }
}

/** Users delete everything: nothing is left. */
async function leavesNothing(stage: ReplayStage): Promise<readonly string[]> {
  await dismissStrangers(stage)
  for (const slot of SLOTS) {
    await stage.perform({ type: 'annotate', slot, name: 'paused', value: null })
    await stage.perform({ type: 'annotate', slot, name: 'deletion-policy', value: null })
    await stage.perform({ type: 'delete', slot })
  }
  let aftermath = await untilGone(stage, (object) => !isElsewhere(object))
  // What was made with other credentials can only go with them.
  if (aftermath.objects().some(([, object]) => isElsewhere(object))) {
    await stage.useAccount(OTHER_ACCOUNT)
    aftermath = await untilGone(stage, () => true)
  }
  const left = aftermath.objects().length > 0 ? [`not deleted: ${tellAll(aftermath)}`] : []
  return [...left, ...problemsAtRest(aftermath)]
}

async function untilGone(stage: ReplayStage, hasToGo: (object: KubeObject) => boolean): Promise<Aftermath> {
  const end = performance.now() + PATIENCE_SECONDS * 1000
  for (;;) {
    const aftermath = await stage.look()
    const isOver = !aftermath.objects().some(([, object]) => hasToGo(object))
    if (isOver || performance.now() > end) return aftermath
    await sleep(LOOK_SECONDS)
  }
}

/** A service that is not ours, or not ours any more, would keep our cluster for ever. */
async function dismissStrangers(stage: ReplayStage): Promise<void> {
  for (const thing of (await stage.look()).things()) {
    if (thing.type !== 'service' || 'longshore.dev/name' in thing.tags) continue
    stage.memory.foreign.delete(thing.arn)
    const { cluster } = thing.state
    await stage.people.ecsServices.deleteService({ cluster, service: thing.name }, new AbortController().signal)
  }
}

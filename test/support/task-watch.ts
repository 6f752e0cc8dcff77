import { setTimeout } from 'node:timers/promises'
import type { TaskRecord } from '../../src/simulator/services/ecs/state.ts'
import type { SimulatorProcess } from './simulator-process.ts'

/** How many tasks there were at one moment, as deployment percentages count them. */
export interface TaskCounts {
  readonly running: number
  /** On their way, or running. */
  readonly wanted: number
  /** Task definitions of those that ran. */
  readonly revisions: readonly string[]
}

/** At a clock 60 times as fast as ours this is once in 1.5 s of AWS's time, in which no task gets far. */
const POLL_MILLISECONDS = 25

const WANTED = new Set<TaskRecord['lastStatus']>(['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING'])

/** Counts the tasks of simulated ECS again and again while `act` runs; different counts in order of time. */
export async function countTasksDuring(
  { ecs }: SimulatorProcess,
  act: () => Promise<unknown>,
): Promise<readonly TaskCounts[]> {
  const seen: TaskCounts[] = []
  let isOver = false
  const acting = act().finally(() => (isOver = true))
  // Whoever awaits it below hears of its failure; meanwhile it must not count as unhandled.
  acting.catch(() => undefined)
  while (!isOver) {
    const counts = countsFrom(Object.values((await ecs()).clusters).flatMap(({ tasks }) => Object.values(tasks)))
    if (JSON.stringify(counts) !== JSON.stringify(seen.at(-1))) seen.push(counts)
    await setTimeout(POLL_MILLISECONDS)
  }
  await acting
  return seen
}

function countsFrom(tasks: readonly TaskRecord[]): TaskCounts {
  const running = tasks.filter(({ lastStatus }) => lastStatus === 'RUNNING')
  return {
    running: running.length,
    wanted: tasks.filter(({ lastStatus }) => WANTED.has(lastStatus)).length,
    revisions: [...new Set(running.map(({ taskDefinition }) => taskDefinition.split(':').at(-1) ?? ''))].toSorted(),
  }
}

import type { OperatorFigures, OperatorRun } from './operator.ts'
import type { Stage, Usage } from './stage.ts'
import { cpuSecondsOf } from './usage.ts'

/** What one scene cost. */
export interface Scene extends Usage, Partial<OperatorFigures> {
  readonly name: string
  readonly seconds: number
  /** Undefined: no operator ran. */
  readonly operatorCpuSeconds?: number
}

/** Plays a scene without an operator; `play` is timed. */
export async function measureBare(stage: Stage, name: string, play: () => Promise<void>): Promise<Scene> {
  const before = await stage.usage()
  const startedAt = performance.now()
  await play()
  const seconds = secondsSince(startedAt)
  return { name, seconds, ...difference(before, await stage.usage()) }
}

/** Starts an operator, waits for `done`, and stops it. Timed from the start of its process. */
export async function measureOperator(
  stage: Stage,
  { name, start }: { readonly name: string; readonly start: () => Promise<OperatorRun> },
  done: (operator: OperatorRun) => Promise<void>,
): Promise<Scene> {
  const before = await stage.usage()
  const operator = await start()
  await done(operator)
  const seconds = secondsSince(operator.startedAt)
  const operatorCpuSeconds = await cpuSecondsOf(operator.pid)
  const after = await stage.usage()
  const figures = await operator.figures()
  await operator.stop()
  return { name, seconds, operatorCpuSeconds, ...difference(before, after), ...figures }
}

/** Plays a scene with an operator that runs already. */
export async function measureRunning<Result>(
  stage: Stage,
  { name, operator }: { readonly name: string; readonly operator: OperatorRun },
  play: () => Promise<Result>,
): Promise<{ readonly scene: Scene; readonly result: Result }> {
  const figuresBefore = await operator.figures()
  const cpuBefore = await cpuSecondsOf(operator.pid)
  const before = await stage.usage()
  const startedAt = performance.now()
  const result = await play()
  const seconds = secondsSince(startedAt)
  const used = difference(before, await stage.usage())
  const operatorCpuSeconds = (await cpuSecondsOf(operator.pid)) - cpuBefore
  const figures = await operator.figures()
  const awsCalls = figures.awsCalls - figuresBefore.awsCalls
  return { scene: { name, seconds, operatorCpuSeconds, ...used, ...figures, awsCalls }, result }
}

function secondsSince(startedAt: number): number {
  return (performance.now() - startedAt) / 1000
}

function difference(before: Usage, after: Usage): Usage {
  return {
    apiServerCpuSeconds: after.apiServerCpuSeconds - before.apiServerCpuSeconds,
    etcdCpuSeconds: after.etcdCpuSeconds - before.etcdCpuSeconds,
    simulatorCpuSeconds: after.simulatorCpuSeconds - before.simulatorCpuSeconds,
    benchCpuSeconds: after.benchCpuSeconds - before.benchCpuSeconds,
    objectWrites: after.objectWrites - before.objectWrites,
    eventWrites: after.eventWrites - before.eventWrites,
  }
}

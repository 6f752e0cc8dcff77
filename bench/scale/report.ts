import { stdout } from 'node:process'
import type { EditFigures } from './edits.ts'
import type { Scene } from './measure.ts'

export interface Result {
  readonly count: number
  readonly workers: number
  readonly scenes: readonly Scene[]
  /** The one that the others are compared with. */
  readonly bare: Scene
  readonly edited: readonly Edited[]
}

/** What became of a stream of edits. */
export interface Edited {
  readonly scene: Scene
  readonly result: EditFigures
}

/** A row of the table: what it shows of a scene over so many objects; undefined: nothing there. */
interface Row {
  readonly title: string
  readonly show: (scene: Scene, objects: number) => string | undefined
  readonly goal: string
}

/** Prints what every scene cost, with the goals beside it, and everything as one line of JSON. */
export function printReport(result: Result): void {
  const { count, workers, scenes, bare } = result
  const rows = rowsFor(count / bare.seconds)
  const cells = ({ show }: Row): readonly string[] => scenes.map((scene) => show(scene, count) ?? '–')
  printRows(`${count} EcrRepository objects, ${workers} workers; bare: the same status writes and nothing else`, [
    ['', ...scenes.map(({ name }) => name), 'goal'],
    ...rows.map((row) => [row.title, ...cells(row), row.goal]),
  ])
  printEdits(result.edited, rows)
  stdout.write(`${JSON.stringify(result)}\n`)
}

function printEdits(edited: readonly Edited[], rows: readonly Row[]): void {
  const [first] = edited
  if (first === undefined) return
  const { count, objects, reachedPerSecond } = first.result
  const line = (title: string, cells: (each: Edited) => string, goal = ''): readonly string[] => [
    title,
    ...edited.map(cells),
    goal,
  ]
  printRows(`${count} edits, ${reachedPerSecond.toFixed(0)} a second, over ${objects} objects`, [
    line('', ({ scene }) => scene.name, 'goal'),
    line('edit → observedGeneration p50', ({ result }) => milliseconds(result.p50Ms)),
    line('… p99', ({ result }) => milliseconds(result.p99Ms), '100 ms'),
    line('… longest', ({ result }) => milliseconds(result.longestMs)),
    ...rows
      .slice(COSTS)
      .map(({ title, show }) => line(title.replace('object', 'edit'), ({ scene }) => show(scene, count) ?? '–')),
  ])
}

/** The first row that says what something cost, not how long it took. */
const COSTS = 3

function rowsFor(bareRate: number): readonly Row[] {
  const perObject =
    (total: (scene: Scene) => number): Row['show'] =>
    (scene, objects) =>
      (total(scene) / objects).toFixed(3)
  const cpu =
    (total: (scene: Scene) => number | undefined): Row['show'] =>
    (scene, objects) =>
      optional(total(scene), (seconds) => milliseconds((seconds * 1000) / objects))
  return [
    { title: 'all done after', show: ({ seconds }) => `${seconds.toFixed(1)} s`, goal: 'lost 26 s, in sync 2.4 s' },
    { title: 'objects a second', show: ({ seconds }, objects) => (objects / seconds).toFixed(0), goal: '' },
    { title: '… ÷ bare', show: ({ seconds }, objects) => (objects / seconds / bareRate).toFixed(2), goal: 'lost 0.95' },
    { title: 'writes of each object', show: perObject((scene) => scene.objectWrites), goal: 'lost 1, in sync 0' },
    { title: 'events written per object', show: perObject((scene) => scene.eventWrites), goal: '' },
    {
      title: 'AWS calls per object',
      show: ({ awsCalls }, objects) => optional(awsCalls, (n) => (n / objects).toFixed(3)),
      goal: '',
    },
    { title: 'CPU per object: operator', show: cpu((scene) => scene.operatorCpuSeconds), goal: 'lost 1.2 ms' },
    { title: '… API server', show: cpu((scene) => scene.apiServerCpuSeconds), goal: '' },
    { title: '… etcd', show: cpu((scene) => scene.etcdCpuSeconds), goal: '' },
    { title: '… AWS simulator', show: cpu((scene) => scene.simulatorCpuSeconds), goal: '' },
    { title: '… this benchmark', show: cpu((scene) => scene.benchCpuSeconds), goal: '' },
    {
      title: 'peak RSS',
      show: ({ peakRssMib }) => optional(peakRssMib, (mib) => `${mib.toFixed(0)} MiB`),
      goal: '220 MiB',
    },
    {
      title: 'event-loop delay p99',
      show: ({ eventLoopDelayP99Ms }) => optional(eventLoopDelayP99Ms, milliseconds),
      goal: '50 ms',
    },
  ]
}

function milliseconds(value: number): string {
  return `${value.toFixed(2)} ms`
}

function optional(value: number | undefined, show: (value: number) => string): string | undefined {
  return value === undefined ? undefined : show(value)
}

/** A titled table: the first column on the left, figures on the right. */
export function printRows(title: string, rows: readonly (readonly string[])[]): void {
  const line = ([first = '', ...rest]: readonly string[]): string =>
    first.padEnd(30) + rest.map((cell) => `  ${cell}`.padStart(16)).join('')
  stdout.write(`${title}\n\n${rows.map(line).join('\n')}\n\n`)
}

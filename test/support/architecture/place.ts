import { posix } from 'node:path'

/** Where a file under `src` stands. */
export interface Place {
  readonly path: string
  /** `core`, `kinds` …; `main` for the entry point of the operator. */
  readonly room: string
  /** `kinds/ecs-service` where each folder is a wall apart, else the room. */
  readonly cell: string
}

/** Rooms whose folders do not know each other. */
const CELLED: ReadonlySet<string> = new Set(['resources', 'kinds', 'controllers'])

/** The place of a file of `src`; undefined: it is not in `src`. */
export function placeOf(path: string): Place | undefined {
  const [top, room = '', folder = ''] = path.split('/')
  if (top !== 'src') return undefined
  if (room.endsWith('.ts')) return { path, room: 'main', cell: 'main' }
  return { path, room, cell: CELLED.has(room) ? `${room}/${folder}` : room }
}

/** The file that a relative specifier means; undefined: a package. */
export function targetOf(from: string, specifier: string): string | undefined {
  return specifier.startsWith('.') ? posix.join(posix.dirname(from), specifier) : undefined
}

/** Whether the doors bind the file: what tests need, they may fetch from anywhere. */
export function isProgram(path: string): boolean {
  return path.startsWith('src/') && !path.endsWith('.test.ts')
}

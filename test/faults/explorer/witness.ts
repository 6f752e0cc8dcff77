import type { Clock } from '../../../src/core/ports.ts'
import type { KubeObject, ResourceType } from '../../../src/kube/cluster.ts'
import { SECRET } from './slots.ts'

/** Looks over the operator's shoulder all the time: some things must not happen even if all ends well. */
export interface Witness {
  readonly problems: readonly string[]
  tell(problem: string): void
  /** This is written where many may read it. */
  read(text: object): void
  /** One more thing was asked of somebody else. */
  count(): void
  /** Whether so much was asked that it will never end. */
  isStorm(): boolean
}

/** More than any number of objects here asks for at once, faults and all. */
const MOST_IN_A_MOMENT = 2000
const MOMENT_SECONDS = 10

export function createWitness(clock: Clock): Witness {
  const problems = new Set<string>()
  let moment = 0
  let asked = 0
  const isStorm = (): boolean => asked > MOST_IN_A_MOMENT
  return {
    get problems() {
      return [...problems]
    },
    tell: (problem) => void problems.add(problem),
    read: (text) => {
      if (JSON.stringify(text).includes(SECRET)) problems.add('a secret is written into a status or an event')
    },
    count: () => {
      const now = Math.floor(clock.now() / 1000 / MOMENT_SECONDS)
      asked = now === moment ? asked + 1 : 1
      moment = now
      if (isStorm()) problems.add(`more than ${MOST_IN_A_MOMENT} calls within ${MOMENT_SECONDS} s`)
    },
    isStorm,
  }
}

/** What one process was answered last about each object: what it works from may not be older. */
export interface Knowledge {
  /** It was answered this. */
  learn(object: KubeObject): void
  /** It writes to an object, on the condition that this is the newest version. */
  check(type: ResourceType, name: string, resourceVersion: string | undefined): void
}

export function createKnowledge(witness: Witness): Knowledge {
  const newest = new Map<string, number>()
  return {
    learn: ({ kind, metadata }) => {
      const key = `${kind} ${metadata.name}`
      newest.set(key, Math.max(newest.get(key) ?? 0, Number(metadata.resourceVersion)))
    },
    check: ({ kind }, name, resourceVersion) => {
      const known = newest.get(`${kind} ${name}`)
      if (resourceVersion === undefined || known === undefined || Number(resourceVersion) >= known) return
      witness.tell(
        `it works from version ${resourceVersion} of ${name}, though it was answered version ${known} before`,
      )
    },
  }
}

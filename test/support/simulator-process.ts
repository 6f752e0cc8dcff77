import type { LoggedCall } from '../../src/simulator/call-log.ts'
import { DEFAULT_ACCOUNT_ID } from '../../src/simulator/account.ts'
import type { FaultRule } from '../../src/simulator/faults.ts'
import type { ImageBehaviour } from '../../src/simulator/service.ts'
import { createState, type EcsState } from '../../src/simulator/services/ecs/state.ts'

/** Where the operator of a test works in simulated AWS. */
export const REGION = 'eu-central-1'

/** How images behave, by name. */
export type Images = Readonly<Record<string, ImageBehaviour>>

/** Simulated AWS in a process of its own, seen through its control endpoints. */
export interface SimulatorProcess {
  readonly url: string
  /** Calls so far, oldest first. */
  readonly calls: () => Promise<readonly LoggedCall[]>
  /** Calls so far that changed something, oldest first; not yet one whose answer a fault holds back. */
  readonly writes: () => Promise<readonly LoggedCall[]>
  /** How many calls of an operation were answered so far. */
  readonly countCalls: (operation: string) => Promise<number>
  /** What still lives, by service and noun: `{ ecs: { services: 1 } }`. */
  readonly live: () => Promise<Readonly<Record<string, Readonly<Record<string, number>>>>>
  /** Everything that ECS holds where the operator works. */
  readonly ecs: () => Promise<EcsState>
  /** Everything that every service holds. */
  readonly state: () => Promise<Readonly<Record<string, object>>>
  /** Forgets everything but the time. */
  readonly reset: () => Promise<void>
  readonly setImages: (images: Images) => Promise<void>
  /** Replaces all fault rules. */
  readonly setFaults: (rules: readonly FaultRule[]) => Promise<void>
  /** How many calls each fault rule has met, by id. */
  readonly faultsSeen: () => Promise<Readonly<Record<string, number>>>
  /** Winds a manual clock. */
  readonly advance: (seconds: number) => Promise<void>
}

const READS = /^(Describe|List|Get|BatchGet|Lookup)/

export function createSimulatorProcess(url: string): SimulatorProcess {
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) }
    const response = await fetch(new URL(`/_simulator/${path}`, url), init)
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`)
    const answer: T = JSON.parse(await response.text())
    return answer
  }
  const calls = async () => (await ask<{ calls: readonly LoggedCall[] }>('GET', 'calls')).calls
  return {
    url,
    calls,
    countCalls: async (name) => (await calls()).filter(({ operation }) => operation === name).length,
    writes: async () =>
      (await calls()).filter(({ operation, errorCode }) => errorCode === undefined && !READS.test(operation)),
    live: async () => (await ask<{ live: Record<string, Record<string, number>> }>('GET', 'account')).live,
    ecs: async () => {
      const { ecs } = await ask<{ ecs?: Record<string, EcsState> }>('GET', 'state')
      // A place in which nothing was ever asked for is not in the answer.
      return ecs?.[`${DEFAULT_ACCOUNT_ID}/${REGION}`] ?? createState()
    },
    state: () => ask('GET', 'state'),
    reset: async () => void (await ask('POST', 'reset')),
    setImages: async (images) => void (await ask('PUT', 'scenario', { images })),
    setFaults: async (rules) => void (await ask('PUT', 'faults', rules)),
    faultsSeen: async () => {
      const rules = await ask<readonly { id: string; seen: number }[]>('GET', 'faults')
      return Object.fromEntries(rules.map(({ id, seen }) => [id, seen]))
    },
    advance: async (seconds) => void (await ask('POST', 'clock/advance', { seconds })),
  }
}

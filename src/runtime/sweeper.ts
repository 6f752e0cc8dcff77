import { failureCodeFrom } from '../core/failure.ts'
import type { Clock, Counter, Instant, Logger, Metrics } from '../core/ports.ts'
import { PRIORITY } from './reconcile.ts'
import type { Enqueue } from './source.ts'

export interface SweeperOptions {
  /** Label of its metrics and log lines: the kind, in lower case. */
  readonly name: string
  readonly lookout: {
    /** Keys to look at, those that are best looked at together beside each other. */
    readonly keys: () => Promise<readonly string[]>
    /** Answers which of these keys need a pass. Throws nothing but bugs. */
    readonly glanceAt: (keys: readonly string[], signal: AbortSignal) => Promise<readonly string[]>
  }
  /** How long one round takes. */
  readonly periodSeconds: number
  readonly clock: Clock
  readonly log: Logger
  readonly metrics: Metrics
}

/** As many as AWS takes in one call, at most (DescribeClusters, DescribeRepositories). */
const GROUP_SIZE = 100
/** In the first round, so that one group is made ready while AWS answers about the other. */
const GROUPS_AT_ONCE = 2

/**
 * Goes round all keys of a controller, in groups, and queues those that need a pass. The first round is as fast as AWS
 * allows, because nobody has looked since we stopped; in those after it the groups are spread over the period. A round
 * takes one period, or as long as AWS lets it take: each key is looked at once in it.
 */
export class Sweeper {
  readonly #options: SweeperOptions
  readonly #looks: Counter

  constructor(options: SweeperOptions) {
    this.#options = options
    this.#looks = options.metrics.counter({
      name: 'longshore_sweep_objects_total',
      help: 'Objects that were glanced at for drift, by result: quiet, or pass (they are looked at closely).',
      labels: ['controller', 'result'],
    })
    // From the start: a rate needs to see the first step.
    for (const result of ['quiet', 'pass']) this.#looks.add({ controller: options.name, result }, 0)
  }

  /** Sweeps until the signal fires. */
  async run(enqueue: Enqueue, signal: AbortSignal): Promise<void> {
    const { clock, lookout, periodSeconds } = this.#options
    for (let spreadSeconds = 0; !signal.aborted; spreadSeconds = periodSeconds) {
      const begun = clock.now()
      const groups = groupsOf(await lookout.keys())
      const rest = groups.entries()
      const goThrough = async (): Promise<void> => {
        for (const [index, keys] of rest) {
          await this.#until(begun + ((spreadSeconds * index) / groups.length) * 1000, signal)
          await this.#look(keys, enqueue, signal)
        }
      }
      await Promise.all(Array.from({ length: spreadSeconds === 0 ? GROUPS_AT_ONCE : 1 }, goThrough))
      await this.#until(begun + periodSeconds * 1000, signal)
    }
  }

  async #look(keys: readonly string[], enqueue: Enqueue, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    const { name, lookout, log } = this.#options
    try {
      const found = await lookout.glanceAt(keys, signal)
      for (const key of found) enqueue(key, { priority: PRIORITY.drift })
      this.#looks.add({ controller: name, result: 'pass' }, found.length)
      this.#looks.add({ controller: name, result: 'quiet' }, keys.length - found.length)
    } catch (error) {
      // The sweep goes on with the others. What we cut off ourselves, because others may lead, is no bug.
      if (!signal.aborted && failureCodeFrom(error) !== 'aborted')
        log.error({ controller: name, error }, 'glance threw')
    }
  }

  async #until(at: Instant, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    const seconds = (at - clock.now()) / 1000
    if (seconds > 0 && !signal.aborted) await clock.sleep(seconds, signal).catch(() => undefined)
  }
}

function groupsOf(keys: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(keys.length / GROUP_SIZE)
  return Array.from({ length: count }, (_, index) => keys.slice(index * GROUP_SIZE, (index + 1) * GROUP_SIZE))
}

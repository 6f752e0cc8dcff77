import { Failure, failureCodeFrom } from '../core/failure.ts'
import type { Cancel, Clock } from '../core/ports.ts'
import { URGENCIES, type Claimant, type Sharing } from './pace.ts'

/** Reads one thing by its key, together with whatever else is asked for at the same time. Undefined: it does not exist. */
export type Load<Value> = (key: string, signal: AbortSignal) => Promise<Value | undefined>

/** The same for whoever asks: `claimant` is who waits for the turn of the call, together with those who share it. */
export type SharedLoad<Value, Key = string> = (
  key: Key,
  signal: AbortSignal,
  claimant?: Claimant,
) => Promise<Value | undefined>

/** Reads many things in one AWS call. A key that the answer lacks does not exist; a `Failure` fails that key alone. */
export type ReadMany<Value> = (
  keys: readonly string[],
  signal: AbortSignal,
  sharing?: Sharing,
) => Promise<Answer<Value>>

type Answer<Value> = ReadonlyMap<string, Value | Failure>

/** What the batches of one session share. */
export interface BatchTiming {
  readonly clock: Clock
  /** How long the first key waits for others. */
  readonly windowSeconds: number
}

interface BatchOptions<Value> {
  readonly timing: BatchTiming
  readonly read: ReadMany<Value>
  /** How many keys AWS takes in one call. */
  readonly maxKeys: number
}

interface Batch<Value> {
  readonly keys: Set<string>
  readonly answer: PromiseWithResolvers<Answer<Value>>
  /** Fires when nobody waits for the answer any more. */
  readonly abandoned: AbortController
  waiting: number
  readonly claimants: Map<string, Claimant>
  cancelWindow: Cancel
}

/**
 * Groups keys that are asked for within a short window into full batches; a key asked for twice is read once.
 *
 * Guarantees: a failed call fails only the keys of its batch. A caller that aborts leaves the others alone; when the last
 * one does, the call is aborted as well.
 */
export function createBatch<Value>({ timing, read, maxKeys }: BatchOptions<Value>): SharedLoad<Value> {
  let open: Batch<Value> | undefined

  function openBatch(): Batch<Value> {
    const batch: Batch<Value> = {
      keys: new Set(),
      answer: Promise.withResolvers(),
      abandoned: new AbortController(),
      waiting: 0,
      claimants: new Map(),
      cancelWindow: timing.clock.schedule(timing.windowSeconds, () => dispatch(batch)),
    }
    return batch
  }

  function close(batch: Batch<Value>): void {
    batch.cancelWindow()
    if (open === batch) open = undefined
  }

  function dispatch(batch: Batch<Value>): void {
    close(batch)
    read([...batch.keys], batch.abandoned.signal, sharingOf(batch, maxKeys)).then(
      batch.answer.resolve,
      batch.answer.reject,
    )
  }

  function leave(batch: Batch<Value>): void {
    batch.waiting -= 1
    if (batch.waiting > 0) return
    close(batch)
    batch.abandoned.abort()
  }

  return async (key, signal, claimant) => {
    if (signal.aborted) throw new Failure('aborted', key, { cause: signal.reason })
    open ??= openBatch()
    const batch = open
    batch.keys.add(key)
    batch.waiting += 1
    if (claimant !== undefined) batch.claimants.set(claimant.key, claimant)
    if (batch.keys.size >= maxKeys) dispatch(batch)
    const answer = await answerOrAbort(batch.answer.promise, signal, () => leave(batch))
    const value = answer.get(key)
    if (value instanceof Failure) throw value
    return value
  }
}

function sharingOf<Value>({ claimants }: Batch<Value>, most: number): Sharing | undefined {
  const byUrgency = (a: Claimant, b: Claimant): number => URGENCIES.indexOf(a.urgency) - URGENCIES.indexOf(b.urgency)
  const [leader, ...others] = [...claimants.values()].toSorted(byUrgency)
  return leader && { claimants: [leader, ...others], most }
}

function answerOrAbort<T>(answer: Promise<T>, signal: AbortSignal, leave: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      leave()
      reject(new Failure('aborted', 'batched read', { cause: signal.reason }))
    }
    signal.addEventListener('abort', abort, { once: true })
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

/** Finds one missing key among a hundred in about as many calls as two would, and a hundred missing ones in a third less. */
const PARTS = 4

/**
 * For calls that fail as a whole when one of the keys does not exist (ECR DescribeRepositories): divides the keys until
 * the missing ones are known, so that the others are known as well. Costs at most four calls per missing key and level.
 */
export function splitOnNotFound<Value>(read: ReadMany<Value>): ReadMany<Value> {
  const readSome: ReadMany<Value> = async (keys, signal, sharing) => {
    try {
      return await read(keys, signal, sharing)
    } catch (error) {
      if (failureCodeFrom(error) !== 'not-found') throw error
      if (keys.length <= 1) return new Map()
    }
    const parts = await Promise.all(partsOf(keys).map((part) => readSome(part, signal, sharing)))
    return new Map(parts.flatMap((part) => [...part]))
  }
  return readSome
}

function partsOf(keys: readonly string[]): readonly (readonly string[])[] {
  const size = Math.ceil(keys.length / PARTS)
  return Array.from({ length: Math.ceil(keys.length / size) }, (_, index) =>
    keys.slice(index * size, (index + 1) * size),
  )
}

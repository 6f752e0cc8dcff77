import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createFixedRandom } from '../../test/support/fixed-random.ts'
import { createHandClock, settle } from '../../test/support/hand-clock.ts'
import { Queue, type Taken } from './queue.ts'

const forever = new AbortController().signal

function createQueue() {
  const clock = createHandClock()
  return { clock, queue: new Queue({ clock, random: createFixedRandom(1) }) }
}

/** What can be taken right now, in order, each given back at once. */
async function drain(queue: Queue): Promise<string[]> {
  const keys: string[] = []
  for (let taken = await takeNow(queue); taken !== undefined; taken = await takeNow(queue)) {
    keys.push(taken.key)
    queue.done(taken.key)
  }
  return keys
}

async function takeNow(queue: Queue): Promise<Taken | undefined> {
  const patience = new AbortController()
  const taken = queue.take(patience.signal)
  patience.abort()
  return taken
}

describe('a queue', () => {
  test('hands a key out once, however often it was added', async () => {
    const { queue } = createQueue()

    for (let i = 0; i < 3; i += 1) queue.add('a', { priority: 0 })

    assert.deepEqual(await drain(queue), ['a'])
  })

  test('hands out at once what is ready, in the same order, and nothing else', async () => {
    const { clock, queue } = createQueue()
    queue.add('later', { priority: 0, afterSeconds: 1 })
    queue.add('low', { priority: -100 })
    queue.add('high', { priority: 100 })

    assert.deepEqual([queue.takeReady()?.key, queue.takeReady()?.key, queue.takeReady()], ['high', 'low', undefined])
    queue.add('low', { priority: 0 })
    assert.equal(queue.takeReady(), undefined)
    queue.done('low')
    assert.equal(queue.takeReady()?.key, 'low')
    await clock.advance(1)
    queue.close()
    assert.equal(queue.takeReady(), undefined)
  })

  test('hands a key out again when it was added while it was worked on', async () => {
    const { queue } = createQueue()
    queue.add('a', { priority: 0 })
    await queue.take(forever)

    queue.add('a', { priority: 0 })
    queue.add('a', { priority: 0 })

    assert.equal(await takeNow(queue), undefined)
    queue.done('a')
    assert.deepEqual(await drain(queue), ['a'])
  })

  test('keeps a key whose delay ended while it was worked on', async () => {
    const { clock, queue } = createQueue()
    queue.add('a', { priority: 0 })
    await queue.take(forever)
    queue.add('a', { priority: 0, afterSeconds: 1 })

    await clock.advance(2)

    assert.equal(await takeNow(queue), undefined)
    queue.done('a')
    assert.deepEqual(await drain(queue), ['a'])
  })

  test('hands out higher priorities first, and first come first served inside a level', async () => {
    const { queue } = createQueue()

    for (const [key, priority] of [
      ['list-1', -100],
      ['drift-1', 0],
      ['user-1', 100],
      ['list-2', -100],
      ['user-2', 100],
      ['drift-2', 0],
    ] as const) {
      queue.add(key, { priority })
    }

    assert.deepEqual(await drain(queue), ['user-1', 'user-2', 'drift-1', 'drift-2', 'list-1', 'list-2'])
  })

  test('merges adds to the highest priority and the shortest delay', async () => {
    const { clock, queue } = createQueue()
    queue.add('a', { priority: 100, afterSeconds: 60 })
    queue.add('a', { priority: -100, afterSeconds: 10 })
    queue.add('b', { priority: 0, afterSeconds: 10 })

    await clock.advance(9.999)
    assert.deepEqual(await drain(queue), [])
    await clock.advance(0.001)
    assert.deepEqual(await drain(queue), ['a', 'b'])
    await clock.advance(100)
    assert.deepEqual(await drain(queue), [])
  })

  test('lets a new change overtake a delay', async () => {
    const { queue } = createQueue()
    queue.add('a', { priority: 0, afterSeconds: 600 })

    queue.add('a', { priority: 100 })

    assert.deepEqual(await drain(queue), ['a'])
  })

  test('puts a key with raised priority behind its new equals', async () => {
    const { clock, queue } = createQueue()
    queue.add('late', { priority: -100 })
    await clock.advance(1)
    queue.add('user', { priority: 100 })
    await clock.advance(1)
    queue.add('late', { priority: 100 })
    queue.add('other', { priority: 100 })

    assert.deepEqual(await drain(queue), ['user', 'late', 'other'])
  })

  test('never puts a key back by raising its priority', async () => {
    const { clock, queue } = createQueue()
    queue.add('aged', { priority: -100 })
    await clock.advance(90)
    queue.add('user', { priority: 100 })
    await clock.advance(1)

    queue.add('aged', { priority: 0 })

    assert.deepEqual(await drain(queue), ['aged', 'user'])
  })

  test('does not starve low priority: 60 s behind an endless stream of changes', async () => {
    const { clock, queue } = createQueue()
    queue.add('low', { priority: -100 })
    let waitedSeconds = 0

    for (;;) {
      queue.add(`user-${waitedSeconds}`, { priority: 100 })
      queue.add(`user-${waitedSeconds}-b`, { priority: 100 })
      const taken = await queue.take(forever)
      if (taken?.key === 'low') break
      assert.ok(waitedSeconds < 1_000)
      queue.done(taken?.key ?? '')
      await clock.advance(1)
      waitedSeconds += 1
    }

    assert.ok(waitedSeconds >= 60 && waitedSeconds < 140, `waited ${waitedSeconds} s`)
  })

  test('doubles the delay of a key that fails again, up to five minutes, until it is forgotten', async () => {
    const { clock, queue } = createQueue()
    const delays: number[] = []
    for (let i = 0; i < 18; i += 1) {
      queue.retry('a', { priority: 0, minimumSeconds: 0 })
      delays.push(clock.nextSeconds() ?? 0)
      await clock.advance(300)
      await drain(queue)
    }
    queue.forget('a')
    queue.retry('a', { priority: 0, minimumSeconds: 0 })

    assert.deepEqual(delays.slice(0, 4), [0.005, 0.01, 0.02, 0.04])
    assert.deepEqual(delays.slice(-2), [300, 300])
    assert.equal(clock.nextSeconds(), 0.005)
  })

  test('does not retry before the minimum that was asked for', () => {
    const { clock, queue } = createQueue()

    queue.retry('a', { priority: 0, minimumSeconds: 7 })

    assert.equal(clock.nextSeconds(), 7)
  })

  test('says how long a key was ready, without its delay', async () => {
    const { clock, queue } = createQueue()
    queue.add('a', { priority: 5, afterSeconds: 10 })
    await clock.advance(13)

    assert.deepEqual(await queue.take(forever), { key: 'a', priority: 5, waitedSeconds: 3 })
  })

  test('ends every take when it is closed, and takes nothing in any more', async () => {
    const { clock, queue } = createQueue()
    const taken = queue.take(forever)
    queue.add('late', { priority: 0, afterSeconds: 1 })

    queue.close()
    queue.add('b', { priority: 0 })

    assert.equal(await taken, undefined)
    assert.equal(await queue.take(forever), undefined)
    assert.equal(clock.pending(), 0)
  })

  test('ends a take when its signal fires', async () => {
    const { queue } = createQueue()
    const patience = new AbortController()
    const taken = queue.take(patience.signal)

    patience.abort()
    queue.add('a', { priority: 0 })

    assert.equal(await taken, undefined)
    assert.deepEqual(await drain(queue), ['a'])
  })

  test('counts what is ready by priority', () => {
    const { queue } = createQueue()
    queue.add('a', { priority: 0 })
    queue.add('b', { priority: 0 })
    queue.add('c', { priority: 100 })
    queue.add('d', { priority: 100, afterSeconds: 1 })

    assert.deepEqual(
      queue.depths(),
      new Map([
        [0, 2],
        [100, 1],
      ]),
    )
  })
})

type Move =
  | { readonly type: 'add'; readonly key: string; readonly priority: number; readonly afterSeconds: number }
  | { readonly type: 'take' }
  | { readonly type: 'done'; readonly worker: number }
  | { readonly type: 'advance'; readonly seconds: number }

const move: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('add' as const),
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      priority: fc.constantFrom(-100, 0, 100),
      afterSeconds: fc.constantFrom(0, 0, 1, 5, 30),
    }),
  },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('take' as const) }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('done' as const), worker: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('advance' as const), seconds: fc.constantFrom(0.5, 1, 10) }) },
)

/** Plays moves on a queue, checking after each what must always hold. */
class Play {
  readonly #clock = createHandClock()
  readonly #queue = new Queue({ clock: this.#clock, random: createFixedRandom(0) })
  readonly #working: string[] = []
  /** Keys that were added since they were last handed out, with the earliest instant at which they may be. */
  readonly #owed = new Map<string, number>()

  async make(step: Move): Promise<void> {
    switch (step.type) {
      case 'add': {
        this.#queue.add(step.key, step)
        const dueAt = this.#clock.now() + step.afterSeconds * 1000
        this.#owed.set(step.key, Math.min(dueAt, this.#owed.get(step.key) ?? Infinity))
        return
      }
      case 'take':
        return this.#take()
      case 'done':
        return this.#finish(step.worker)
      case 'advance':
        return this.#clock.advance(step.seconds)
    }
  }

  async end(): Promise<void> {
    while (this.#working.length > 0) this.#finish(0)
    await this.#clock.advance(30)
    while (this.#owed.size > 0) {
      const before = this.#owed.size
      await this.#take()
      assert.equal(this.#owed.size, before - 1, 'a key that was added is never handed out')
    }
    assert.equal(await takeNow(this.#queue), undefined, 'a key is handed out that nobody added')
  }

  async #take(): Promise<void> {
    const possible = [...this.#owed].filter(([key, at]) => at <= this.#clock.now() && !this.#working.includes(key))
    const taken = await takeNow(this.#queue)
    assert.equal(taken === undefined, possible.length === 0, 'hands out a key exactly when one is due and free')
    if (taken === undefined) return
    assert.ok(!this.#working.includes(taken.key), 'one key at two workers')
    assert.ok(
      possible.some(([key]) => key === taken.key),
      'a key came too early',
    )
    this.#owed.delete(taken.key)
    this.#working.push(taken.key)
  }

  #finish(worker: number): void {
    const [key] = this.#working.splice(worker % Math.max(1, this.#working.length), 1)
    if (key !== undefined) this.#queue.done(key)
  }
}

describe('whatever is added, taken and given back', () => {
  test('no key is at two workers, none is lost, none comes too early or unasked', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(move, { maxLength: 60 }), async (moves) => {
        const play = new Play()
        for (const step of moves) await play.make(step)
        await play.end()
      }),
      { numRuns: 300 },
    )
  })

  test('keys of one level leave in the order in which they got ready', async () => {
    const add = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
      priority: fc.constantFrom(-100, 0, 100),
    })
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(add, { selector: ({ key }) => key }), async (adds) => {
        const { clock, queue } = createQueue()
        for (const { key, priority } of adds) {
          queue.add(key, { priority })
          await clock.advance(0.01)
        }

        const order = await drain(queue)

        const expected = adds.toSorted((a, b) => b.priority - a.priority).map(({ key }) => key)
        assert.deepEqual(order, expected)
      }),
    )
  })

  test('workers that wait together get one key each', async () => {
    const { queue } = createQueue()
    const taken = Promise.all([1, 2, 3].map(() => queue.take(forever)))

    for (const key of ['a', 'b', 'b', 'a', 'c']) queue.add(key, { priority: 0 })
    await settle()

    assert.deepEqual(
      (await taken).map((each) => each?.key),
      ['a', 'b', 'c'],
    )
  })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { Failure } from '../core/failure.ts'
import { createInterruptedPasses, type PassCalls } from './interrupted.ts'

const KEY = 'EcsService demo/app'

function bench() {
  const clock = createHandClock()
  const passes = createInterruptedPasses(clock)
  let count = 0
  return {
    clock,
    begin: (key = KEY, isOver?: () => boolean) => passes.begin(key, isOver),
    /** A different answer each time that AWS is asked. */
    read: (pass: PassCalls, call = 'ecs:List') => pass.read(call, async () => (count += 1)),
    refuse: (pass: PassCalls) => ignored(pass.read('ecs:Describe', refusal('paced'))),
  }
}

function refusal(code: 'paced' | 'throttled' | 'timeout') {
  return () => Promise.reject(new Failure(code, 'ecs:Describe'))
}

async function ignored(call: Promise<unknown>): Promise<void> {
  await call.catch(() => undefined)
}

test('the pass after one whose turn had not come goes on from what was read', async () => {
  const { begin, read, refuse } = bench()
  const first = begin()
  await read(first)
  await refuse(first)

  assert.equal(await read(begin()), 1)
})

test('it is told how old the oldest answer is that it goes on from', async () => {
  const { clock, begin, read, refuse } = bench()
  const first = begin()
  const readAt = clock.now()
  await read(first, 'ecs:List')
  await clock.advance(5)
  await read(first, 'ecs:Tags')
  await refuse(first)
  const second = begin()
  assert.equal(second.oldestRecalled(), undefined)

  await read(second, 'ecs:List')
  await read(second, 'ecs:Tags')

  assert.equal(second.oldestRecalled(), readAt)
})

test('so does the one after two of them, though the second had no time to ask for it', async () => {
  const { begin, read, refuse } = bench()
  const first = begin()
  await read(first)
  await refuse(first)
  await refuse(begin())

  assert.equal(await read(begin()), 1)
})

test('what is read while another call is refused is known as well', async () => {
  const { begin, read, refuse } = bench()
  const first = begin()
  await refuse(first)
  await read(first)

  assert.equal(await read(begin()), 1)
})

test('what is refused its turn to write goes on from what was read, too', async () => {
  const { begin, read } = bench()
  const first = begin()
  await read(first)
  await ignored(first.write(refusal('paced')))

  assert.equal(await read(begin()), 1)
})

interface Case {
  readonly fact: string
  readonly happens: (context: ReturnType<typeof bench>, first: PassCalls) => Promise<void>
  readonly key?: string
}

const cases: readonly Case[] = [
  { fact: 'a pass that came to its end leaves nothing', happens: async () => {} },
  {
    fact: 'one that failed leaves nothing',
    happens: async (_, first) => ignored(first.read('x', refusal('throttled'))),
  },
  {
    fact: 'half a minute later it is old',
    happens: async ({ clock, refuse }, first) => {
      await refuse(first)
      await clock.advance(31)
    },
  },
  {
    fact: 'a write makes it old',
    happens: async ({ refuse }, first) => {
      await refuse(first)
      await first.write(async () => 'done')
    },
  },
  {
    fact: 'so does a write of which nobody knows how it ended',
    happens: async ({ refuse }, first) => {
      await ignored(first.write(refusal('timeout')))
      await refuse(first)
    },
  },
  {
    fact: 'it concerns no other object',
    happens: async ({ refuse }, first) => refuse(first),
    key: 'EcsService demo/other',
  },
]

for (const { fact, happens, key } of cases) {
  test(`AWS is asked again: ${fact}`, async () => {
    const context = bench()
    const first = context.begin()
    await context.read(first)
    await happens(context, first)

    assert.equal(await context.read(context.begin(key)), 2)
  })
}

test('what was read is given out once: to ask again in the same pass means to look again', async () => {
  const { begin, read, refuse } = bench()
  const first = begin()
  await read(first)
  await refuse(first)
  const second = begin()

  assert.deepEqual([await read(second), await read(second)], [1, 2])
})

test('a refusal that comes when its pass is over does not bring back what the next one made old', async () => {
  const { begin, read } = bench()
  const refused = Promise.withResolvers<never>()
  let isFirstOver = false
  const first = begin(KEY, () => isFirstOver)
  await read(first)
  const late = ignored(first.read('ecs:Describe', () => refused.promise))
  isFirstOver = true
  await begin().write(async () => 'done')

  refused.reject(new Failure('paced', 'ecs:Describe'))
  await late

  assert.equal(await read(begin()), 2)
})

test('other calls are not mixed up with it', async () => {
  const { begin, read, refuse } = bench()
  const first = begin()
  await read(first, 'ecs:List {"family":"a"}')
  await refuse(first)

  assert.equal(await read(begin(), 'ecs:List {"family":"b"}'), 2)
})

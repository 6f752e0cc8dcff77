import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createHandClock } from '../../test/support/hand-clock.ts'
import { createMetricsRecorder } from '../../test/support/recorders.ts'
import type { Failure } from '../core/failure.ts'
import { claimantFor, createPace, sweepClaimant, type Claimant, type Sharing, type Urgency } from './pace.ts'

const REGISTER = { service: 'ecs', operation: 'RegisterTaskDefinition' }
const CREATE = { service: 'ecs', operation: 'CreateCluster' }
const LIST = { service: 'ecs', operation: 'ListServicesByNamespace' }
const live = new AbortController().signal

function object(name: string, namespace = 'a', urgency: Urgency = 'change'): Claimant {
  return claimantFor({ installationId: 'i', namespace, kind: 'EcsService', name }, urgency)
}

function alone(claimant: Claimant): Sharing {
  return { claimants: [claimant], most: 1 }
}

/** Without those that only used up what there was. */
function names(called: readonly string[]): readonly string[] {
  return called.filter((name) => !name.startsWith('drain/'))
}

function bench(share = 1) {
  const clock = createHandClock()
  const metrics = createMetricsRecorder()
  const pace = createPace({ clock, metrics, share })
  const called: string[] = []
  pace.onTurn(({ namespace, name }) => called.push(`${namespace}/${name}`))
  const bench = {
    clock,
    metrics,
    pace,
    /** Who was called since the last time, in order. */
    called: () => called.splice(0),
    /** `now`, that it waits in place, or how many seconds it is to wait elsewhere. */
    ask: async (claimant: Claimant, call = REGISTER): Promise<number | 'now' | 'here'> => {
      let answer: number | 'now' | undefined
      pace.admit(call, alone(claimant), live).then(
        () => (answer = 'now'),
        (failure: Failure) => {
          assert.equal(failure.code, 'paced')
          answer = Math.round(failure.retryAfterSeconds ?? -1)
        },
      )
      await clock.advance(0)
      return answer ?? 'here'
    },
    /** Uses up what can be used without waiting. */
    drain: async (call = REGISTER): Promise<number> => {
      for (let count = 0; ; count++)
        if ((await bench.ask(object(`drain${count}`, 'drain'), call)) !== 'now') return count
    },
  }
  return bench
}

describe('a call of a class with a published rate', () => {
  test('goes out at once while the bucket lasts, with a little left for jitter', async () => {
    const { drain } = bench()

    assert.equal(await drain(), 18)
  })

  test('uses its share of the bucket', async () => {
    const { drain, ask } = bench(0.5)

    assert.equal(await drain(), 8)
    assert.equal(await ask(object('late', 'b')), 4)
  })

  test('fails when it would have to wait, with the time of its turn, and is called then', async () => {
    const { drain, ask, clock, called } = bench()
    await drain()
    assert.equal(await ask(object('x')), 2)

    await clock.advance(1.5)
    assert.deepEqual(called(), ['drain/drain18'])
    await clock.advance(1)
    assert.deepEqual(called(), ['a/x'])

    assert.equal(await ask(object('x')), 'now')
  })

  test('that nobody else may take keeps its token until the object comes', async () => {
    const { drain, ask, clock } = bench()
    await drain()
    await ask(object('x'))
    await clock.advance(2)

    assert.notEqual(await ask(object('thief', 'b')), 'now')
    assert.equal(await ask(object('x')), 'now')
  })

  test('that is not made after all gives its token back', async () => {
    const { drain, ask, clock, called } = bench()
    await drain()
    await ask(object('gone'))
    await clock.advance(2.5)
    assert.deepEqual(called(), ['drain/drain18', 'a/gone'])

    await clock.advance(60)

    assert.equal(await drain(), 18)
  })

  test('keeps its place when it comes too early', async () => {
    const { drain, ask, clock, called } = bench()
    await drain()
    for (const name of ['1', '2', '3']) await ask(object(name))
    await ask(object('1'))
    await clock.advance(4.5)

    assert.deepEqual(called(), ['drain/drain18', 'a/1', 'a/2', 'a/3'])
  })

  test('waits in place when its turn is a blink away', async () => {
    const { pace, drain, clock } = bench()
    const describe = { service: 'ecs', operation: 'DescribeServices' }
    await drain(describe)
    let isOut = false
    void pace.admit(describe, alone(object('x', 'b')), live).then(() => (isOut = true))
    await clock.advance(0)
    assert.equal(isOut, false)

    await clock.advance(0.2)

    assert.equal(isOut, true)
  })

  test('that others overtake while it waits in place is refused, and all that it is for are called', async () => {
    const { pace, drain, ask, clock, called } = bench()
    await drain()
    await clock.advance(1.8)
    const shared: Sharing = { claimants: [object('1', 'a', 'drift'), object('2', 'a', 'drift')], most: 10 }
    const call = pace.admit(REGISTER, shared, live)
    assert.deepEqual([await ask(object('edit1')), await ask(object('edit2'))], ['here', 1])
    called()

    await Promise.all([assert.rejects(call, { code: 'paced' }), clock.advance(3)])

    assert.deepEqual(called(), ['a/edit2', 'a/1', 'a/2'])
  })

  test('goes out with the token of another one whose turn came while it waited in place', async () => {
    const { pace, drain, ask, clock, metrics } = bench()
    await drain()
    assert.equal(await ask(object('2')), 2)
    await clock.advance(1.9)
    const call = pace.admit(REGISTER, { claimants: [object('1'), object('2')], most: 10 }, live)

    await Promise.all([call, clock.advance(0.7)])
    assert.equal(metrics.value('longshore_aws_pace_waiting', { level: 'change' }), 0)
  })

  test('keeps no place for a sweep that would have to wait for too long', async () => {
    const { ask, metrics } = bench(0.1)
    for (let index = 0; index < 20; index++) await ask(object(`x${index}`))

    assert.notEqual(await ask(sweepClaimant('EcsService')), 'here')

    assert.equal(metrics.value('longshore_aws_pace_waiting', { level: 'sweep' }), 0)
  })

  test('keeps no place for a sweep that shared it', async () => {
    const { pace, drain, ask, clock, metrics } = bench()
    await drain()
    const shared: Sharing = { claimants: [object('edit'), sweepClaimant('EcsService')], most: 10 }

    await assert.rejects(pace.admit(REGISTER, shared, live), { code: 'paced' })

    assert.equal(metrics.value('longshore_aws_pace_waiting', { level: 'change' }), 2)
    assert.equal(metrics.value('longshore_aws_pace_waiting', { level: 'sweep' }), 0)
    await clock.advance(2)
    assert.equal(await ask(object('edit')), 'now')
  })

  test('that is given up while it waits in place leaves the line', async () => {
    const { pace, drain, clock, metrics } = bench()
    const describe = { service: 'ecs', operation: 'DescribeServices' }
    await drain(describe)
    await clock.advance(0.05)
    const caller = new AbortController()
    const call = pace.admit(describe, alone(object('x', 'b')), caller.signal)
    caller.abort()

    await assert.rejects(call, { code: 'aborted' })
    await clock.advance(60)
    assert.equal(metrics.value('longshore_aws_pace_waiting'), 0)
  })
})

describe('objects that need several calls', () => {
  test('are called for each, because what was read is remembered', async () => {
    const { drain, ask, clock, called } = bench()
    await drain()
    await drain(CREATE)
    await ask(object('x'), CREATE)
    await ask(object('x'))

    await clock.advance(2.5)
    assert.deepEqual(names(called()), ['a/x', 'a/x'])
    assert.deepEqual([await ask(object('x'), CREATE), await ask(object('x'))], ['now', 'now'])
  })

  test('go first where they have to read, once their turn to write has come', async () => {
    const { drain, ask, clock, called } = bench()
    await drain()
    await ask(object('x'))
    await clock.advance(2.5)
    assert.deepEqual(names(called()), ['a/x'])
    await drain(LIST)
    for (const name of ['1', '2', '3']) await ask(object(name), LIST)

    await ask(object('x'), LIST)
    await clock.advance(4)

    assert.equal(names(called())[0], 'a/x')
  })

  test('do not go first because of a turn to read: all would', async () => {
    const { drain, ask, clock, called } = bench()
    await drain(LIST)
    await ask(object('x'), LIST)
    await clock.advance(2.5)
    assert.deepEqual(names(called()), ['a/x'])
    await drain()
    await ask(object('before'))
    await ask(object('x'))

    await clock.advance(3.5)

    assert.deepEqual(names(called()), ['a/before', 'a/x'])
  })

  test('have as many tokens kept as calls were refused in the pass', async () => {
    const { drain, ask, clock, called } = bench()
    await drain()
    const pass = object('x')
    for (let call = 0; call < 3; call++) await ask(pass)

    await clock.advance(4.5)
    assert.deepEqual(called(), ['drain/drain18', 'a/x'])

    const next = object('x')
    assert.deepEqual([await ask(next), await ask(next), await ask(next)], ['now', 'now', 'now'])
    assert.notEqual(await ask(next), 'now')
  })
})

describe('several calls of one pass', () => {
  /** A bucket of one token, which comes in ten seconds; it is empty, but for 0.2 s. */
  async function nearlyThere() {
    const world = bench(0.1)
    assert.equal(await world.ask(object('before', 'b')), 'now')
    await world.clock.advance(9.8)
    return world
  }

  test('those that are refused keep their place when the one that waits has its turn', async () => {
    const { ask, clock, called } = await nearlyThere()
    const x = object('x')
    assert.deepEqual([await ask(x), await ask(x), await ask(x)], ['here', 10, 20])

    await clock.advance(0.5)
    assert.deepEqual(called(), [])
    await clock.advance(10.5)

    assert.deepEqual(called(), ['a/x'])
  })

  test('that many share: one that goes out leaves those of the others that were refused their place', async () => {
    const { pace, clock, called } = await nearlyThere()
    const sharing: Sharing = { claimants: [object('1'), object('2')], most: 10 }
    const near = pace.admit(REGISTER, sharing, live)
    await assert.rejects(pace.admit(REGISTER, sharing, live), { code: 'paced' })

    await Promise.all([near, clock.advance(0.5)])
    await clock.advance(10.5)

    assert.deepEqual(called().toSorted(), ['a/1', 'a/2'])
  })

  test('that many share count once for each of them but the first', async () => {
    const { pace, drain, clock, called } = bench()
    await drain()
    const sharing: Sharing = { claimants: [object('1'), object('2'), object('3')], most: 10 }
    for (let part = 0; part < 2; part++) await assert.rejects(pace.admit(REGISTER, sharing, live), { code: 'paced' })

    await clock.advance(4.5)

    assert.deepEqual(called(), ['drain/drain18', 'a/1', 'a/2', 'a/3'])
  })
})

describe('turns', () => {
  test('of another namespace come soon, however long the line of one namespace is', async () => {
    const { drain, ask, clock, called } = bench()
    await drain()
    for (let index = 0; index < 200; index++) await ask(object(`mass${index}`, 'mass'))
    await clock.advance(10)
    called()

    assert.equal(await ask(object('urgent', 'calm')), 2)
    await clock.advance(2.5)

    assert.ok(called().includes('calm/urgent'))
  })

  test('of a change come before those of drift', async () => {
    const { drain, ask, clock, called } = bench()
    await drain()
    await ask(object('drift', 'a', 'drift'))
    await ask(object('edit', 'a', 'change'))
    await clock.advance(3.5)

    assert.deepEqual(called(), ['drain/drain18', 'a/edit', 'a/drift'])
  })

  test('come sooner when drift becomes a change', async () => {
    const { drain, ask, clock, called } = bench()
    await drain()
    for (const name of ['1', '2', '3']) await ask(object(name, 'a', 'drift'))
    await ask(object('3', 'a', 'change'))
    await clock.advance(2.5)

    assert.deepEqual(called(), ['drain/drain18', 'a/3'])
  })

  test('are left by sweeps to those who need half of the bucket', async () => {
    const { ask, drain } = bench()
    let swept = 0
    while ((await ask(object(`s${swept}`, '', 'sweep'))) === 'now') swept += 1

    assert.equal(swept, 9)
    assert.equal(await drain(), 9)
  })
})

describe('when AWS throttles all the same', () => {
  test('the class slows down to half, and the object is called', async () => {
    const { pace, ask, clock, called, metrics } = bench()
    const admission = await pace.admit(REGISTER, alone(object('x')), live)

    assert.equal(admission.throttled().toFixed(2), '1.93')
    assert.equal(metrics.value('longshore_aws_pace_calls_per_second', { class: 'task-definition-modify' }), 0.5)
    assert.notEqual(await ask(object('y')), 'now')
    await clock.advance(2.5)
    assert.deepEqual(called(), ['a/x'])
  })

  test('nobody waits behind a sweep, which does not come back', async () => {
    const { pace, ask, clock } = bench()
    const describe = { service: 'ecr', operation: 'DescribeRepositories' }
    const admission = await pace.admit(describe, alone(sweepClaimant('EcrRepository')), live)
    admission.throttled()
    await clock.advance(5)

    assert.equal(await ask(object('edit'), describe), 'now')
  })

  test('a call without a published rate is limited from then on', async () => {
    const { pace, ask, drain } = bench()
    const create = { service: 'ecr', operation: 'CreateRepository' }
    for (let index = 0; index < 30; index++) assert.equal(await ask(object(`r${index}`), create), 'now')
    const admission = await pace.admit(create, alone(object('x')), live)
    admission.throttled()

    assert.equal(await drain(create), 0)
  })
})

test('the time that calls waited is measured by class', async () => {
  const { drain, ask, clock, metrics } = bench()
  await drain()
  await ask(object('x', 'b'))
  await clock.advance(5)
  await ask(object('x', 'b'))

  const labels = { service: 'ecs', class: 'task-definition-modify', urgency: 'change' }
  assert.equal(Math.round(metrics.value('longshore_aws_pace_wait_seconds', labels)), 5)
})

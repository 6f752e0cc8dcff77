import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { createOutput } from '../../core/output.ts'
import { emptyPlan, type Goal, type PlanInput } from '../../core/plan.ts'
import { revisionHash } from './content.ts'
import type { DesiredTaskDefinition } from './desired.ts'
import type { ObservedRevision } from './observe.ts'
import { planTaskDefinition } from './plan.ts'

type Input = PlanInput<DesiredTaskDefinition, ObservedRevision>

function desiredOf(image: string, revisionHistoryLimit = 2): DesiredTaskDefinition {
  const content = { cpu: '256', memory: '512', containerDefinitions: [{ name: 'web', image }] }
  return { family: 'hello', content, tags: {}, revisionHistoryLimit }
}

function revisionOf(revision: number, image: string): ObservedRevision {
  const contentHash = revisionHash(desiredOf(image).content)
  return { arn: `arn:hello:${revision}`, family: 'hello', revision, tags: {}, isOurs: true, contentHash }
}

const context = { memo: {}, mayBeInUse: () => false, settling: false, requests: {}, now: 0 }
const present = (image: string, limit?: number): Goal<DesiredTaskDefinition> => ({
  type: 'present',
  desired: desiredOf(image, limit),
})
const absent = (policy: 'Delete' | 'Retain'): Goal<DesiredTaskDefinition> => ({
  type: 'absent',
  removal: { policy, force: false },
})

function plan(goal: Input['goal'], observed: Input['observed'], changes: Partial<Input> = {}) {
  return planTaskDefinition({ ...context, goal, observed, ...changes })
}

function stepsOf({ steps }: ReturnType<typeof plan>): readonly string[] {
  return steps.map((step) => ('arn' in step ? `${step.type} ${step.arn}` : step.type))
}

describe('a task definition that is wanted', () => {
  test('is registered when no revision has its content', () => {
    const { steps, outputs } = plan(present('v2'), [revisionOf(1, 'v1')])

    assert.deepEqual(
      steps.map(({ type }) => type),
      ['register'],
    )
    assert.deepEqual(outputs, {})
  })

  test('is found again by its content, whatever its number', () => {
    const { steps, outputs } = plan(present('v1'), [revisionOf(1, 'v1'), revisionOf(2, 'v2')])

    assert.deepEqual(steps, [])
    assert.equal(outputs.arn, 'arn:hello:1')
    assert.equal(outputs.contentHash, revisionHash(desiredOf('v1').content))
  })

  test('is the newest one where two have its content', () => {
    assert.equal(plan(present('v1'), [revisionOf(1, 'v1'), revisionOf(3, 'v1')]).outputs.arn, 'arn:hello:3')
  })

  test('is not registered twice while AWS may not show the first one yet', () => {
    const first = plan(present('v2'), [revisionOf(1, 'v1')])
    const second = plan(present('v2'), [revisionOf(1, 'v1')], { memo: first.memo, settling: true })

    assert.deepEqual(second.steps, [])
    assert.deepEqual(
      second.waits.map(({ reason }) => reason),
      ['Settling'],
    )
  })

  test('is not registered twice when an edit goes forth and back meanwhile', () => {
    const observed = [revisionOf(1, 'v1')]
    const second = plan(present('v2'), observed)
    const third = plan(present('v3'), observed, { memo: second.memo, settling: true })
    const back = plan(present('v2'), observed, { memo: third.memo, settling: true })

    assert.deepEqual(
      third.steps.map(({ type }) => type),
      ['register'],
    )
    assert.deepEqual(back.steps, [])
  })

  test('is registered again when AWS still does not show it after all that time', () => {
    const first = plan(present('v2'), [])

    assert.deepEqual(stepsOf(plan(present('v2'), [], { memo: first.memo })), ['register'])
  })

  test('retires what is older than the history limit, the oldest of it too', () => {
    const observed = [1, 2, 3, 4, 5].map((number) => revisionOf(number, `v${number}`))

    assert.deepEqual(stepsOf(plan(present('v5'), observed)), ['deregister arn:hello:2', 'deregister arn:hello:1'])
  })

  test('keeps what something may still run beyond the history limit', () => {
    const observed = [1, 2, 3].map((number) => revisionOf(number, `v${number}`))
    const mayBeInUse = (id: string) => id === 'arn:hello:1'

    assert.deepEqual(stepsOf(plan(present('v3', 0), observed, { mayBeInUse })), ['deregister arn:hello:2'])
  })

  const nobodys = (...revisions: readonly (readonly [number, string])[]) =>
    revisions.map(([number, image]) => ({ ...revisionOf(number, image), isOurs: false }))

  test('takes over a revision of nobody that has its content, and leaves the others', () => {
    const { steps, outputs } = plan(present('v1', 0), nobodys([1, 'v1'], [2, 'v2']))

    const contentHash = revisionHash(desiredOf('v1').content)
    const summary = 'take over hello:1'
    assert.deepEqual(steps, [
      { type: 'adopt', effect: 'change', summary, adopts: true, arn: 'arn:hello:1', contentHash },
    ])
    assert.deepEqual(outputs, { arn: 'arn:hello:1', contentHash })
  })

  test('takes over the revision that runs where two have its content', () => {
    const mayBeInUse = (id: string) => id === 'arn:hello:1'

    const { outputs } = plan(present('v1'), nobodys([1, 'v1'], [3, 'v1']), { mayBeInUse })
    assert.equal(outputs.arn, 'arn:hello:1')
  })

  test('is registered beside the revisions of nobody when none has its content, and retires none of them', () => {
    assert.deepEqual(stepsOf(plan(present('v2', 0), nobodys([1, 'v1'], [2, 'v1']))), ['register'])
  })

  test('waits with its step for the values behind its symbols', () => {
    const desired = desiredOf('v1')
    const options = { 'awslogs-group': createOutput('log-group', 'name') }
    const logConfiguration = { logDriver: 'awslogs', options } as const
    const content = { ...desired.content, containerDefinitions: [{ name: 'web', image: 'v1', logConfiguration }] }
    const { steps, outputs } = plan({ type: 'present', desired: { ...desired, content } }, [revisionOf(1, 'v1')])

    assert.deepEqual(
      steps.map((step) => step.type === 'register' && step.content),
      [content],
    )
    assert.deepEqual(outputs, {})
  })
})

describe('a task definition that is not wanted any more', () => {
  const both = [revisionOf(1, 'v1'), revisionOf(2, 'v2')]

  for (const { fact, policy, observed, mayBeInUse, steps, waits } of [
    {
      fact: 'is deregistered, all of it',
      policy: 'Delete',
      observed: both,
      mayBeInUse: () => false,
      steps: ['deregister arn:hello:1', 'deregister arn:hello:2'],
      waits: 0,
    },
    {
      fact: 'waits for what is in use instead of forgetting it',
      policy: 'Delete',
      observed: both,
      mayBeInUse: (id) => id.endsWith('2'),
      steps: ['deregister arn:hello:1'],
      waits: 1,
    },
    {
      fact: 'loses its tags where it is retained, in use or not',
      policy: 'Retain',
      observed: both,
      mayBeInUse: () => true,
      steps: ['release arn:hello:1', 'release arn:hello:2'],
      waits: 0,
    },
    {
      fact: 'is done when nothing is left',
      policy: 'Delete',
      observed: [],
      mayBeInUse: () => true,
      steps: [],
      waits: 0,
    },
  ] satisfies readonly {
    fact: string
    policy: 'Delete' | 'Retain'
    observed: readonly ObservedRevision[]
    mayBeInUse: Input['mayBeInUse']
    steps: readonly string[]
    waits: number
  }[]) {
    test(fact, () => {
      const planned = plan(absent(policy), observed, { mayBeInUse })

      assert.deepEqual(stepsOf(planned), steps)
      assert.deepEqual(
        planned.waits.map(({ reason }) => reason),
        Array.from({ length: waits }, () => 'InUse'),
      )
    })
  }
})

test('a family may still hold the revision that was just registered when the others are gone', () => {
  const { waits } = plan(absent('Delete'), [], { settling: true })

  assert.deepEqual(
    waits.map(({ reason }) => reason),
    ['Settling'],
  )
})

/** What AWS does with the steps, as far as ACTIVE revisions go. */
function applied(
  observed: readonly ObservedRevision[],
  { steps }: ReturnType<typeof plan>,
): readonly ObservedRevision[] {
  const highest = Math.max(0, ...observed.map(({ revision }) => revision))
  const gone = new Set(steps.flatMap((step) => ('arn' in step ? [step.arn] : [])))
  const made = steps.flatMap((step) =>
    step.type === 'register' ? [{ ...revisionOf(highest + 1, ''), contentHash: revisionHash(step.content) }] : [],
  )
  return [...observed.filter(({ arn }) => !gone.has(arn)), ...made]
}

test('from any revisions, plans applied lead to one that is wanted and nothing left to do, or to a named wait', () => {
  const revisions = fc.uniqueArray(
    fc.record({ revision: fc.integer({ min: 1, max: 9 }), image: fc.constantFrom('v1', 'v2', 'v3') }),
    {
      selector: ({ revision }) => revision,
    },
  )
  const goals = fc.oneof(
    fc
      .record({ image: fc.constantFrom('v1', 'v2', 'v4'), limit: fc.integer({ min: 0, max: 3 }) })
      .map(({ image, limit }) => present(image, limit)),
    fc.constantFrom(absent('Delete'), absent('Retain')),
  )
  fc.assert(
    fc.property(revisions, goals, fc.integer({ min: 0, max: 9 }), (list, goal, used) => {
      const mayBeInUse = (id: string) => id === `arn:hello:${used}`
      let observed: readonly ObservedRevision[] = list.map(({ revision, image }) => revisionOf(revision, image))
      for (let round = 0; round < 3; round++) observed = applied(observed, plan(goal, observed, { mayBeInUse }))

      const rest = plan(goal, observed, { mayBeInUse })
      assert.deepEqual(rest.steps, [])
      if (goal.type === 'present') assert.ok(rest.outputs.arn)
      else assert.equal(rest.waits.length > 0, observed.length > 0)
    }),
  )
})

test('an empty plan is what is left to do about nothing', () => {
  assert.deepEqual(plan(absent('Delete'), []), emptyPlan)
})

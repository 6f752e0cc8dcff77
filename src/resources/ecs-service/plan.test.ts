import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { RolloutState } from '../../aws/ecs-rollouts.ts'
import type { DeploymentState } from '../../aws/ecs-service-state.ts'
import { createOutput } from '../../core/output.ts'
import type { Goal, PlanInput } from '../../core/plan.ts'
import type { DesiredService } from './desired.ts'
import type { ObservedService } from './observe.ts'
import { ecsServiceResource } from './index.ts'
import { planService } from './plan.ts'

type Input = PlanInput<DesiredService, ObservedService>

const arn = 'arn:aws:ecs:eu-central-1:123456789012:service/main/hello'
const familyArn = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/hello'
const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-1', 'subnet-2'] } }

function desiredOf(version: string, changes: Partial<DesiredService> = {}): DesiredService {
  return {
    cluster: 'main',
    name: 'hello',
    template: { taskDefinition: `${familyArn}:${version}`, networkConfiguration },
    revisionHash: `hash-${version}`,
    settings: { deploymentConfiguration: { maximumPercent: 200 } },
    desiredCount: 2,
    launchType: 'FARGATE',
    tags: undefined,
    ...changes,
  }
}

function deploymentOf(version: string, changes: Partial<DeploymentState> = {}): DeploymentState {
  return {
    id: `ecs-svc/${version}`,
    status: 'PRIMARY',
    rolloutState: 'COMPLETED',
    rolloutStateReason: undefined,
    taskDefinition: `${familyArn}:${version}`,
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    failedTasks: 0,
    createdAt: '2026-01-01T00:00:00Z',
    ...changes,
  }
}

function rolloutOf(id: string, minute: number, changes: Partial<RolloutState> = {}): RolloutState {
  const createdAt = new Date(Date.UTC(2026, 0, 1, 0, minute)).toISOString()
  return { id, status: 'SUCCESSFUL', statusReason: undefined, createdAt, target: undefined, ...changes }
}

/** A rollout of this version that the circuit breaker ended. */
function failedRollout(id: string, minute: number, version: string, changes: Partial<RolloutState> = {}): RolloutState {
  const target = { taskDefinition: `${familyArn}:${version}`, networkConfiguration }
  const statusReason = 'the breaker said so.'
  return rolloutOf(id, minute, { status: 'ROLLBACK_SUCCESSFUL', statusReason, target, ...changes })
}

/** A service whose past was read. */
interface ReadService extends ObservedService {
  readonly rollouts: readonly RolloutState[]
}

function serviceOf(version: string, changes: Partial<ReadService> = {}): ReadService {
  return {
    arn,
    name: 'hello',
    clusterArn: 'arn:aws:ecs:eu-central-1:123456789012:cluster/main',
    status: 'ACTIVE',
    createdAt: '2026-01-01T00:00:00.000Z',
    desiredCount: 2,
    runningCount: 2,
    pendingCount: 0,
    launchType: 'FARGATE',
    template: { taskDefinition: `${familyArn}:${version}`, networkConfiguration },
    settings: {
      capacityProviderStrategy: [],
      deploymentConfiguration: { maximumPercent: 200, minimumHealthyPercent: 100 },
      enableExecuteCommand: false,
    },
    deployments: [deploymentOf(version)],
    events: [],
    lastEventAt: undefined,
    tags: {},
    isOurs: true,
    rollouts: [rolloutOf('first', 0)],
    lastFailure: undefined,
    ...changes,
  }
}

const context = { memo: {}, mayBeInUse: () => false, settling: false, requests: {}, now: 0 }

function plan(desired: DesiredService, observed: readonly ObservedService[], changes: Partial<Input> = {}) {
  return planService({ ...context, goal: { type: 'present', desired }, observed, ...changes })
}

function planAbsence(policy: 'Delete' | 'Retain', observed: readonly ObservedService[]) {
  return planService({ ...context, goal: { type: 'absent', removal: { policy, force: false } }, observed })
}

type Planned = ReturnType<typeof planService>
const stepsOf = ({ steps }: Planned) => steps.map(({ type }) => type)
const waitsOf = ({ waits }: Planned) => waits.map(({ reason }) => reason)
const blocksOf = ({ blocks }: Planned) => blocks.map(({ reason }) => reason)

describe('a service that is wanted', () => {
  test('is left alone when it is as it should be', () => {
    const planned = plan(desiredOf('1'), [serviceOf('1')])

    assert.deepEqual([stepsOf(planned), waitsOf(planned), blocksOf(planned)], [[], [], []])
    assert.deepEqual(planned.outputs, { arn })
  })

  test('is taken over before anything else when it is not ours', () => {
    const planned = plan(desiredOf('2', { desiredCount: 3 }), [serviceOf('1', { isOurs: false })])

    assert.deepEqual(stepsOf(planned), ['adopt', 'scale', 'roll-out'])
    assert.deepEqual(
      planned.steps.map(({ adopts = false }) => adopts),
      [true, false, false],
    )
  })

  test('is created when there is none', () => {
    const { steps, outputs } = plan(desiredOf('1'), [])

    assert.deepEqual(
      steps.map((step) => step.type === 'create' && step.replaces),
      [''],
    )
    assert.deepEqual(outputs, {})
  })

  for (const { fact, clusterField, steps, waits } of [
    {
      fact: 'waits for it when the spec refers to it',
      clusterField: undefined,
      steps: [],
      waits: ['WaitingForReference'],
    },
    {
      fact: 'is tried when the spec names it',
      clusterField: 'spec.clusterName' as const,
      steps: ['create'],
      waits: [],
    },
  ]) {
    test(`without its cluster ${fact}`, () => {
      const planned = plan(desiredOf('1', { clusterField }), [], { isHomeless: true })

      assert.deepEqual([stepsOf(planned), waitsOf(planned)], [steps, waits])
    })
  }

  test('is created anew, as another incarnation, when a tombstone is left', () => {
    const { steps } = plan(desiredOf('1'), [serviceOf('1', { status: 'INACTIVE' })])

    assert.deepEqual(
      steps.map((step) => step.type === 'create' && step.replaces),
      ['2026-01-01T00:00:00.000Z'],
    )
  })

  test('is another incarnation even when AWS has buried the last one', () => {
    const { memo } = plan(desiredOf('1'), [serviceOf('1')])
    const { steps } = plan(desiredOf('1'), [], { memo })

    assert.deepEqual(
      steps.map((step) => step.type === 'create' && step.replaces),
      ['2026-01-01T00:00:00.000Z'],
    )
  })

  test('waits for one of its name that is being deleted', () => {
    const planned = plan(desiredOf('1'), [serviceOf('1', { status: 'DRAINING' })])

    assert.deepEqual([stepsOf(planned), waitsOf(planned)], [[], ['Draining']])
  })

  for (const { fact, desired, observed, steps } of [
    {
      fact: 'is scaled alone',
      desired: desiredOf('1', { desiredCount: 5 }),
      observed: serviceOf('1'),
      steps: ['scale'],
    },
    {
      fact: 'keeps a count that is not managed',
      desired: desiredOf('1', { desiredCount: undefined }),
      observed: serviceOf('1', { desiredCount: 9 }),
      steps: [],
    },
    {
      fact: 'is scaled before it is rolled out, one write each',
      desired: desiredOf('2', { desiredCount: 5 }),
      observed: serviceOf('1'),
      steps: ['scale', 'roll-out'],
    },
    {
      fact: 'is rolled out when it moves to other subnets',
      desired: desiredOf('1', {
        template: {
          taskDefinition: `${familyArn}:1`,
          networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-3'] } },
        },
      }),
      observed: serviceOf('1'),
      steps: ['roll-out'],
    },
    {
      fact: 'does not mind the order of subnets',
      desired: desiredOf('1', {
        template: {
          taskDefinition: `${familyArn}:1`,
          networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-2', 'subnet-1'] } },
        },
      }),
      observed: serviceOf('1'),
      steps: [],
    },
    {
      fact: 'is not rolled out for the version that LATEST stands for',
      desired: desiredOf('1', { template: { taskDefinition: `${familyArn}:1`, platformVersion: 'LATEST' } }),
      observed: serviceOf('1', { template: { taskDefinition: `${familyArn}:1`, platformVersion: '1.4.0' } }),
      steps: [],
    },
    {
      fact: 'is rolled out for a version that is named',
      desired: desiredOf('1', { template: { taskDefinition: `${familyArn}:1`, platformVersion: '1.4.0' } }),
      observed: serviceOf('1', { template: { taskDefinition: `${familyArn}:1`, platformVersion: 'LATEST' } }),
      steps: ['roll-out'],
    },
    {
      fact: 'is configured without a rollout',
      desired: desiredOf('1', { settings: { enableExecuteCommand: true } }),
      observed: serviceOf('1'),
      steps: ['configure'],
    },
    {
      fact: 'is not configured for what is off and not shown',
      desired: desiredOf('1', { settings: { enableECSManagedTags: false } }),
      observed: serviceOf('1'),
      steps: [],
    },
    {
      fact: 'gets the tags that it lacks',
      desired: desiredOf('1', { tags: { team: 'a' } }),
      observed: serviceOf('1', { tags: { team: 'b', other: 'c' } }),
      steps: ['tag'],
    },
    {
      fact: 'keeps tags that the spec never named',
      desired: desiredOf('1', { tags: {} }),
      observed: serviceOf('1', { tags: { other: 'c' } }),
      steps: [],
    },
  ]) {
    test(fact, () => assert.deepEqual(stepsOf(plan(desired, [observed])), steps))
  }

  test('loses a tag that the spec named before', () => {
    const observed = [serviceOf('1', { tags: { team: 'a', other: 'c' } })]
    const { memo } = plan(desiredOf('1', { tags: { team: 'a' } }), observed)
    const { steps } = plan(desiredOf('1', { tags: {} }), observed, { memo })

    assert.deepEqual(
      steps.map((step) => step.type === 'untag' && step.keys),
      [['team']],
    )
  })

  test('keeps what is not managed beside a setting that changes', () => {
    const { steps } = plan(desiredOf('1', { settings: { deploymentConfiguration: { maximumPercent: 150 } } }), [
      serviceOf('1'),
    ])

    assert.deepEqual(
      steps.map((step) => step.type === 'configure' && step.settings),
      [{ deploymentConfiguration: { maximumPercent: 150, minimumHealthyPercent: 100 } }],
    )
  })

  test('still scales while nobody knows yet which revision is wanted', () => {
    const template = { taskDefinition: createOutput('task-definition', 'arn'), networkConfiguration }
    const planned = plan(desiredOf('1', { template, desiredCount: 5 }), [serviceOf('1')])

    assert.deepEqual(stepsOf(planned), ['scale', 'roll-out'])
  })

  test('says that a launch type cannot be changed', () => {
    const planned = plan(desiredOf('1'), [serviceOf('1', { launchType: 'EC2' })])

    assert.deepEqual(blocksOf(planned), ['ImmutableField'])
  })
})

describe('a rollout', () => {
  const rolling = [
    deploymentOf('2', { rolloutState: 'IN_PROGRESS', runningCount: 1, pendingCount: 1 }),
    deploymentOf('1', { status: 'ACTIVE' }),
  ]

  for (const { fact, changes, waits } of [
    { fact: 'is waited for while the old tasks still run', changes: { deployments: rolling }, waits: ['RollingOut'] },
    {
      fact: 'is waited for while tasks of another deployment are left',
      changes: { deployments: [deploymentOf('2'), deploymentOf('1', { status: 'ACTIVE' })] },
      waits: ['RollingOut'],
    },
    { fact: 'is waited for while tasks start', changes: { pendingCount: 1 }, waits: ['RollingOut'] },
    { fact: 'is waited for while tasks are missing', changes: { runningCount: 1 }, waits: ['RollingOut'] },
    {
      fact: 'is waited for until ECS calls it complete',
      changes: { deployments: [deploymentOf('2', { rolloutState: 'IN_PROGRESS' })] },
      waits: ['RollingOut'],
    },
    { fact: 'is over in steady state', changes: {}, waits: [] },
    {
      fact: 'that keeps failing without a breaker is called stalled',
      changes: { deployments: [deploymentOf('2', { rolloutState: 'IN_PROGRESS', failedTasks: 3 })] },
      waits: ['RolloutStalled'],
    },
  ]) {
    test(fact, () => assert.deepEqual(waitsOf(plan(desiredOf('2'), [serviceOf('2', changes)])), waits))
  }

  test('says how far it is, since when, and why tasks fail', () => {
    const deployments = [deploymentOf('2', { rolloutState: 'IN_PROGRESS', failedTasks: 1 })]
    const changes = { deployments, runningCount: 1, pendingCount: 1, lastFailure: 'no such image' }
    const [wait] = plan(desiredOf('2'), [serviceOf('2', changes)]).waits

    assert.equal(
      wait?.message,
      '1 of 2 tasks running, 1 pending, 1 failed; deployment since 2026-01-01T00:00:00Z. Last task that failed: no such image',
    )
  })

  test('that somebody edits meanwhile is followed by the next at once', () => {
    assert.deepEqual(stepsOf(plan(desiredOf('3'), [serviceOf('2', { deployments: rolling })])), ['roll-out'])
  })
})

describe('a rollout that failed and was rolled back', () => {
  const rolledBack = serviceOf('2', { rollouts: [failedRollout('bad', 9, '3'), rolloutOf('first', 0)] })
  const { memo } = plan(desiredOf('3'), [rolledBack])

  test('is not tried again, and says what failed, why, and what to do', () => {
    const { steps, blocks } = plan(desiredOf('3'), [rolledBack], { memo })

    assert.deepEqual(steps, [])
    assert.deepEqual(blocks, [
      {
        reason: 'RolledBack',
        message:
          'The rollout of hello:3 (deployment bad) failed: the breaker said so. ECS rolled back; the service runs hello:2. Change the spec, or try this once more with the annotation longshore.dev/retry-rollout: bad',
        field: 'spec.taskDefinition',
      },
    ])
  })

  for (const { fact, desired, observed, changes, steps, blocks } of [
    {
      fact: 'is not tried again when status was lost',
      desired: desiredOf('3'),
      observed: rolledBack,
      changes: {},
      steps: [],
      blocks: ['RolledBack'],
    },
    {
      fact: 'is not tried again when AWS has forgotten it',
      desired: desiredOf('3'),
      observed: serviceOf('2', { rollouts: [] }),
      changes: { memo },
      steps: [],
      blocks: ['RolledBack'],
    },
    {
      fact: 'is not tried again when its revision comes back under another number',
      desired: desiredOf('3', { template: { taskDefinition: `${familyArn}:4`, networkConfiguration } }),
      observed: rolledBack,
      changes: { memo },
      steps: [],
      blocks: ['RolledBack'],
    },
    {
      fact: 'still scales',
      desired: desiredOf('3', { desiredCount: 7 }),
      observed: rolledBack,
      changes: { memo },
      steps: ['scale'],
      blocks: ['RolledBack'],
    },
    {
      fact: 'makes room for a new template',
      desired: desiredOf('4'),
      observed: rolledBack,
      changes: { memo },
      steps: ['roll-out'],
      blocks: [],
    },
    {
      fact: 'is tried again where the annotation names it',
      desired: desiredOf('3'),
      observed: rolledBack,
      changes: { memo, requests: { 'retry-rollout': 'bad' } },
      steps: ['roll-out'],
      blocks: [],
    },
    {
      fact: 'is not tried again where the annotation names another',
      desired: desiredOf('3'),
      observed: rolledBack,
      changes: { memo, requests: { 'retry-rollout': 'worse' } },
      steps: [],
      blocks: ['RolledBack'],
    },
    {
      fact: 'is not tried for ever by an annotation that stays',
      desired: desiredOf('3'),
      observed: serviceOf('2', { rollouts: [failedRollout('worse', 12, '3'), ...rolledBack.rollouts] }),
      changes: { memo, requests: { 'retry-rollout': 'bad' } },
      steps: [],
      blocks: ['RolledBack'],
    },
    {
      fact: 'does not count where it was about another network',
      desired: desiredOf('3', {
        template: {
          taskDefinition: `${familyArn}:3`,
          networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-9'] } },
        },
      }),
      observed: rolledBack,
      changes: {},
      steps: ['roll-out'],
      blocks: [],
    },
  ]) {
    test(fact, () => {
      const planned = plan(desired, [observed], changes)

      assert.deepEqual([stepsOf(planned), blocksOf(planned)], [steps, blocks])
    })
  }

  test('is tried exactly once when the template went back and forth', () => {
    const back = plan(desiredOf('2'), [rolledBack], { memo })
    const again = plan(desiredOf('3'), [rolledBack], { memo: back.memo })
    const failedAgain = serviceOf('2', { rollouts: [failedRollout('worse', 12, '3'), ...rolledBack.rollouts] })
    const after = plan(desiredOf('3'), [failedAgain], { memo: again.memo })

    assert.deepEqual([stepsOf(back), stepsOf(again), stepsOf(after)], [[], ['roll-out'], []])
    assert.deepEqual([blocksOf(back), blocksOf(again), blocksOf(after)], [[], [], ['RolledBack']])
  })

  for (const { status, waits, blocks } of [
    { status: 'ROLLBACK_REQUESTED', waits: ['RollingBack'], blocks: [] },
    { status: 'ROLLBACK_IN_PROGRESS', waits: ['RollingBack'], blocks: [] },
    { status: 'ROLLBACK_SUCCESSFUL', waits: ['RollingOut'], blocks: ['RolledBack'] },
    { status: 'ROLLBACK_FAILED', waits: ['RollingOut'], blocks: ['RolledBack'] },
  ]) {
    test(`needs a person only when ECS is through with it: ${status}`, () => {
      const rollouts = [failedRollout('bad', 9, '3', { status })]
      const deployments = [deploymentOf('2', { rolloutState: 'IN_PROGRESS' }), deploymentOf('3', { status: 'ACTIVE' })]
      const planned = plan(desiredOf('3'), [serviceOf('2', { rollouts, deployments })])

      assert.deepEqual([stepsOf(planned), waitsOf(planned), blocksOf(planned)], [[], waits, blocks])
    })
  }

  test('while it is rolled back says what failed and how far ECS is', () => {
    const rollouts = [failedRollout('bad', 9, '3', { status: 'ROLLBACK_IN_PROGRESS' })]
    const deployments = [deploymentOf('2', { rolloutState: 'IN_PROGRESS' }), deploymentOf('3', { status: 'ACTIVE' })]
    const [wait] = plan(desiredOf('3'), [serviceOf('2', { rollouts, deployments })]).waits

    assert.equal(
      wait?.message,
      'The rollout of hello:3 (deployment bad) failed: the breaker said so. ECS is rolling back: 2 of 2 tasks running, 2 deployments; deployment since 2026-01-01T00:00:00Z',
    )
  })

  test('leaves a rollout running that somebody started by hand meanwhile, and says so', () => {
    const deployments = [deploymentOf('5', { rolloutState: 'IN_PROGRESS' })]
    const rollouts = [rolloutOf('by-hand', 12, { status: 'IN_PROGRESS' }), ...rolledBack.rollouts]
    const planned = plan(desiredOf('3'), [serviceOf('5', { deployments, rollouts })], { memo })

    assert.deepEqual([stepsOf(planned), blocksOf(planned), waitsOf(planned)], [[], ['RolledBack'], ['RollingOut']])
    assert.match(planned.waits[0]?.message ?? '', /^Somebody started rollout by-hand, which is left running/)
  })

  test('is forgiven once the same template works', () => {
    const works = serviceOf('3', { rollouts: [rolloutOf('good', 15), ...rolledBack.rollouts] })
    const later = plan(desiredOf('3'), [works], { memo })
    const drifted = serviceOf('2', { rollouts: [rolloutOf('by-hand', 20), ...works.rollouts] })

    assert.deepEqual(stepsOf(plan(desiredOf('3'), [drifted], { memo: later.memo })), ['roll-out'])
  })

  test('is forgotten with the service, when that is made anew', () => {
    const recreated = plan(desiredOf('3'), [serviceOf('2', { status: 'INACTIVE' })], { memo })
    const fresh = serviceOf('3', { rollouts: [], deployments: [deploymentOf('3', { rolloutState: 'IN_PROGRESS' })] })

    assert.deepEqual(blocksOf(plan(desiredOf('3'), [fresh], { memo: recreated.memo })), [])
  })
})

describe('a rollout that failed without roll-back', () => {
  const deployments = [deploymentOf('3', { rolloutState: 'FAILED', rolloutStateReason: 'tasks failed to start' })]
  const failed = serviceOf('3', { deployments, rollouts: [rolloutOf('bad', 9, { status: 'STOPPED' })] })

  test('needs a person', () => {
    const planned = plan(desiredOf('3'), [failed])

    assert.deepEqual([stepsOf(planned), blocksOf(planned)], [[], ['RolloutFailed']])
    assert.match(planned.blocks[0]?.message ?? '', /hello:3 \(deployment bad\) failed: tasks failed to start\./)
  })

  test('is forced once where the annotation names it, also when AWS does not show it at once', () => {
    const requests = { 'retry-rollout': 'bad' }
    const first = plan(desiredOf('3'), [failed], { requests })
    const second = plan(desiredOf('3'), [failed], { requests, memo: first.memo, now: 5_000 })

    assert.deepEqual(
      first.steps.map((step) => step.type === 'roll-out' && step.isForced),
      [true],
    )
    assert.deepEqual([stepsOf(second), waitsOf(second)], [[], ['Settling']])
  })

  test('is forced again when that was lost', () => {
    const requests = { 'retry-rollout': 'bad' }
    const { memo } = plan(desiredOf('3'), [failed], { requests })

    assert.deepEqual(stepsOf(plan(desiredOf('3'), [failed], { requests, memo, now: 120_000 })), ['roll-out'])
  })
})

describe('what a service keeps in use', () => {
  const deployments = [deploymentOf('2'), deploymentOf('1', { status: 'ACTIVE' })]

  for (const { status, used } of [
    { status: 'ACTIVE', used: [`${familyArn}:1`, `${familyArn}:2`] },
    { status: 'DRAINING', used: [`${familyArn}:1`, `${familyArn}:2`] },
    { status: 'INACTIVE', used: [] },
  ]) {
    test(`is what its deployments run while it is ${status}`, () => {
      const service = serviceOf('2', { status, deployments })

      assert.deepEqual([...new Set(ecsServiceResource.uses?.(service))].toSorted(), used)
    })
  }
})

describe('a service that is not wanted any more', () => {
  for (const { fact, policy, observed, steps, waits } of [
    { fact: 'is deleted with its tasks', policy: 'Delete', observed: [serviceOf('1')], steps: ['delete'], waits: [] },
    {
      fact: 'is waited for while its tasks stop',
      policy: 'Delete',
      observed: [serviceOf('1', { status: 'DRAINING' })],
      steps: [],
      waits: ['Draining'],
    },
    {
      fact: 'is gone when only a tombstone is left',
      policy: 'Delete',
      observed: [serviceOf('1', { status: 'INACTIVE' })],
      steps: [],
      waits: [],
    },
    {
      fact: 'is gone when what drains is not ours',
      policy: 'Delete',
      observed: [serviceOf('1', { status: 'DRAINING', isOurs: false })],
      steps: [],
      waits: [],
    },
    {
      fact: 'only loses our mark where it is retained',
      policy: 'Retain',
      observed: [serviceOf('1')],
      steps: ['release'],
      waits: [],
    },
  ] as const) {
    test(fact, () => {
      const planned = planAbsence(policy, observed)

      assert.deepEqual([stepsOf(planned), waitsOf(planned)], [steps, waits])
    })
  }
})

function createdFrom({ template, desiredCount = 1, settings, tags = {} }: DesiredService): ObservedService {
  return settled({
    ...serviceOf('?'),
    desiredCount,
    template: settledTemplate(template),
    settings: { ...serviceOf('?').settings, ...settings },
    tags,
  })
}

function settledTemplate({ taskDefinition, ...template }: DesiredService['template']): ObservedService['template'] {
  assert.ok(typeof taskDefinition === 'string')
  return { ...template, taskDefinition }
}

function settled(service: ObservedService): ObservedService {
  return { ...service, runningCount: service.desiredCount }
}

/** What ECS makes of a step, once it has come to rest. */
function after(step: Planned['steps'][number], service: ObservedService): ObservedService | undefined {
  switch (step.type) {
    case 'create':
      return createdFrom(step.service)
    case 'scale':
      return settled({ ...service, desiredCount: step.desiredCount })
    case 'configure':
      return { ...service, settings: { ...service.settings, ...step.settings } }
    case 'roll-out':
      return { ...service, template: { ...service.template, ...settledTemplate(step.template) } }
    case 'adopt':
      return { ...service, isOurs: true }
    case 'tag':
      return { ...service, tags: { ...service.tags, ...step.tags } }
    case 'untag':
      return {
        ...service,
        tags: Object.fromEntries(Object.entries(service.tags).filter(([key]) => !step.keys.includes(key))),
      }
    case 'release':
    case 'delete':
      return undefined
  }
}

function applied(service: ObservedService | undefined, { steps }: Planned): ObservedService | undefined {
  return steps.reduce<ObservedService | undefined>((current, step) => after(step, current ?? serviceOf('?')), service)
}

test('from any state, plans applied lead to steady state, to absence, or to a named block or wait', () => {
  const versions = fc.constantFrom('1', '2', '3')
  const goals: fc.Arbitrary<Goal<DesiredService>> = fc.oneof(
    fc
      .record({
        version: versions,
        desiredCount: fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined }),
        percent: fc.constantFrom(150, 200),
        team: fc.option(fc.constantFrom('a', 'b'), { nil: undefined }),
      })
      .map(({ version, desiredCount, percent, team }) => ({
        type: 'present' as const,
        desired: desiredOf(version, {
          desiredCount,
          settings: { deploymentConfiguration: { maximumPercent: percent } },
          tags: team === undefined ? undefined : { team },
        }),
      })),
    fc
      .constantFrom('Delete' as const, 'Retain' as const)
      .map((policy) => ({ type: 'absent' as const, removal: { policy, force: false } })),
  )
  const services = fc.option(
    fc
      .record({
        version: versions,
        status: fc.constantFrom('ACTIVE', 'DRAINING', 'INACTIVE'),
        desiredCount: fc.integer({ min: 0, max: 4 }),
        failed: fc.option(versions, { nil: undefined }),
        tags: fc.constantFrom({}, { team: 'a' }, { other: 'x' }),
      })
      .map(({ version, status, desiredCount, failed, tags }) =>
        serviceOf(version, {
          status,
          desiredCount,
          runningCount: desiredCount,
          tags,
          ...(failed && { rollouts: [failedRollout('bad', 9, failed)] }),
        }),
      ),
    { nil: undefined },
  )
  fc.assert(
    fc.property(goals, services, (goal, service) => {
      let current: ObservedService | undefined = service
      let planned = planService({ ...context, goal, observed: current ? [current] : [] })
      for (let round = 0; round < 3; round++) {
        current = applied(current, planned)
        planned = planService({ ...context, goal, observed: current ? [current] : [], memo: planned.memo })
      }

      assert.deepEqual(planned.steps, [])
      if (planned.waits.length > 0 || planned.blocks.length > 0) return
      if (goal.type === 'present') assert.equal(planned.outputs.arn, arn)
      else assert.ok(current === undefined || current.status === 'INACTIVE')
    }),
  )
})

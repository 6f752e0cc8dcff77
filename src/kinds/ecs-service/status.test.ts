import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { emptyPlan, type Block, type Memo, type Observation, type Wait } from '../../core/plan.ts'
import type { ResourceReport } from '../../reconciler/kind.ts'
import type { ObservedService } from '../../resources/ecs-service/observe.ts'
import type { ServiceOutput } from '../../resources/ecs-service/plan.ts'
import { EcsServiceStatus } from './schema.ts'
import { reportEcsService } from './status.ts'

const owner = { installationId: 'i', namespace: 'demo', kind: 'EcsService', name: 'hello' }
const FAMILY = 'arn:aws:ecs:eu-central-1:123456789012:task-definition/hello'
const deployment = {
  id: 'ecs-svc/2',
  status: 'PRIMARY',
  rolloutState: 'COMPLETED',
  rolloutStateReason: 'ECS deployment ecs-svc/2 completed.',
  taskDefinition: `${FAMILY}:2`,
  desiredCount: 4,
  runningCount: 4,
  pendingCount: 0,
  failedTasks: 0,
  createdAt: '2026-01-01T00:00:00.000Z',
}
const service: ObservedService = {
  arn: 'arn:aws:ecs:eu-central-1:123456789012:service/main/hello',
  name: 'hello',
  clusterArn: 'arn:aws:ecs:eu-central-1:123456789012:cluster/main',
  status: 'ACTIVE',
  createdAt: '2026-01-01T00:00:00.000Z',
  desiredCount: 4,
  runningCount: 4,
  pendingCount: 0,
  launchType: 'FARGATE',
  template: { taskDefinition: `${FAMILY}:2` },
  settings: { deploymentConfiguration: { minimumHealthyPercent: 75 } },
  deployments: [deployment],
  events: [],
  lastEventAt: undefined,
  tags: {},
  isOurs: true,
  rollouts: [
    { id: 'r2', status: 'SUCCESSFUL', statusReason: undefined, createdAt: '2026-01-02T00:00:00Z', target: undefined },
  ],
  lastFailure: undefined,
}

interface Looked {
  readonly observation?: Observation<ObservedService>
  readonly outputs?: { readonly arn?: string }
  readonly blocks?: readonly Block[]
  readonly waits?: readonly Wait[]
  readonly memo?: Memo
  readonly previous?: Partial<EcsServiceStatus>
}

function report({
  observation = known(service),
  outputs = {},
  blocks = [],
  waits = [],
  memo = {},
  previous = {},
}: Looked) {
  const plan = { ...emptyPlan, blocks, waits, memo }
  const seen: ResourceReport<ObservedService, ServiceOutput> = { observation, outputs, plan }
  const told = reportEcsService({ owner, previous, report: (() => seen) as never })
  // What is undefined leaves the status.
  const fields: unknown = JSON.parse(JSON.stringify(told.fields))
  return { ...told, fields: EcsServiceStatus.parse(fields) }
}

function known(...items: readonly ObservedService[]): Observation<ObservedService> {
  return { type: 'known', items }
}

describe('the status of a service', () => {
  test('has the counts, the revision by its number and what autoscalers select it by', () => {
    const { fields } = report({})

    const { clusterName, revision, desiredCount, runningCount, pendingCount, selector } = fields
    assert.deepEqual([clusterName, revision, selector], ['main', 'hello:2', 'longshore.dev/service=hello'])
    assert.deepEqual([desiredCount, runningCount, pendingCount], [4, 4, 0])
  })

  test('keeps what was known while the service cannot be read', () => {
    const previous = { arn: 'the arn', runningCount: 3, rollout: { state: 'COMPLETED' as const } }
    const observation = { type: 'unknown', code: 'denied', message: 'no' } as const

    const { fields, available } = report({ observation, previous })

    assert.deepEqual(fields, { ...previous, selector: 'longshore.dev/service=hello' })
    assert.equal(available, undefined)
  })

  test('has no tasks, and nothing old, when the service does not exist', () => {
    const previous = { arn: 'old', revision: 'hello:1', runningCount: 3 }

    const { fields, available } = report({ observation: known({ ...service, status: 'INACTIVE' }), previous })

    assert.deepEqual(fields, { selector: 'longshore.dev/service=hello', runningCount: 0, pendingCount: 0 })
    assert.equal(available?.status, 'False')
  })

  test('has five deployments and five events at most, however many ECS tells of', () => {
    const deployments = Array.from({ length: 9 }, (_, index) => ({ ...deployment, id: `ecs-svc/${index}` }))
    const events = Array.from({ length: 100 }, (_, index) => ({ id: `${index}`, at: undefined, message: `${index}` }))

    const { fields } = report({ observation: known({ ...service, deployments, events }) })

    assert.deepEqual([fields.deployments?.length, fields.events?.length], [5, 5])
    assert.equal(fields.events?.[0]?.message, '0')
  })
})

describe('whether a service is available', () => {
  for (const { fact, desiredCount, runningCount, percent, status } of [
    { fact: 'with all tasks', desiredCount: 4, runningCount: 4, percent: 100, status: 'True' },
    { fact: 'with as many as a rollout leaves', desiredCount: 4, runningCount: 3, percent: 75, status: 'True' },
    { fact: 'with one less', desiredCount: 4, runningCount: 2, percent: 75, status: 'False' },
    { fact: 'with a part of a task less', desiredCount: 3, runningCount: 1, percent: 50, status: 'False' },
    { fact: 'with none wanted', desiredCount: 0, runningCount: 0, percent: 100, status: 'True' },
    {
      fact: 'by the default of AWS, which is all',
      desiredCount: 2,
      runningCount: 1,
      percent: undefined,
      status: 'False',
    },
  ]) {
    test(`${fact}: ${status}`, () => {
      const deploymentConfiguration = percent === undefined ? {} : { minimumHealthyPercent: percent }
      const settings = { deploymentConfiguration }

      const { available } = report({ observation: known({ ...service, desiredCount, runningCount, settings }) })

      assert.equal(available?.status, status)
    })
  }
})

describe('the rollout of a service', () => {
  const failed = { id: 'bad', at: '2026-01-03T00:00:00Z', taskDefinition: `${FAMILY}:3`, reason: 'no image' }
  const memo = { failed: JSON.stringify(failed) }
  const moving = { ...service, deployments: [{ ...deployment, rolloutState: 'IN_PROGRESS' }, deployment] }

  for (const { fact, looked, rollout } of [
    {
      fact: 'is completed at steady state, in the words of ECS',
      looked: {},
      rollout: { state: 'COMPLETED', message: deployment.rolloutStateReason, deploymentId: 'r2' },
    },
    {
      fact: 'is in progress until then',
      looked: { observation: known(moving) },
      rollout: {
        state: 'IN_PROGRESS',
        message: '4 of 4 tasks running, 2 deployments; deployment since 2026-01-01T00:00:00.000Z',
        deploymentId: 'r2',
      },
    },
    {
      fact: 'is rolling back while the plan waits for that, and is the one that failed',
      looked: {
        observation: known(moving),
        waits: [{ reason: 'RollingBack' as const, message: 'going back', pollSeconds: 5 }],
        memo,
      },
      rollout: { state: 'ROLLING_BACK', message: 'going back', deploymentId: 'bad' },
    },
    {
      fact: 'is rolled back when a person is asked for, whatever else moves',
      looked: {
        observation: known(moving),
        blocks: [{ reason: 'RolledBack' as const, message: 'went back' }],
        waits: [{ reason: 'RollingOut' as const, message: 'somebody else', pollSeconds: 5 }],
        memo,
      },
      rollout: { state: 'ROLLED_BACK', message: 'went back', deploymentId: 'bad' },
    },
    {
      fact: 'has failed where nothing rolls it back',
      looked: {
        observation: known({ ...service, deployments: [{ ...deployment, rolloutState: 'FAILED' }] }),
        blocks: [{ reason: 'RolloutFailed' as const, message: 'it failed' }],
        memo,
      },
      rollout: { state: 'FAILED', message: 'it failed', deploymentId: 'bad' },
    },
    {
      fact: 'is not forgotten when a glance did not read the past',
      looked: {
        observation: known({ ...service, rollouts: 'unread' }),
        previous: { rollout: { state: 'COMPLETED' as const, deploymentId: 'earlier' } },
      },
      rollout: { state: 'COMPLETED', message: deployment.rolloutStateReason, deploymentId: 'earlier' },
    },
  ] satisfies readonly { fact: string; looked: Looked; rollout: object }[]) {
    test(fact, () => {
      const { state, message, deploymentId } = report(looked).fields.rollout ?? assert.fail('there is none')

      assert.deepEqual({ state, message, deploymentId }, rollout)
    })
  }

  test('counts the failed tasks of all deployments', () => {
    const deployments = [
      { ...deployment, failedTasks: 2 },
      { ...deployment, failedTasks: 1 },
    ]

    assert.equal(report({ observation: known({ ...service, deployments }) }).fields.rollout?.failedTasks, 3)
  })
})

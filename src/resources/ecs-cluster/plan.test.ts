import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { digest } from '../../core/hash.ts'
import { emptyPlan } from '../../core/plan.ts'
import { planCluster } from './plan.ts'
import { NAMESPACE_TAG } from './service-connect.ts'
import type { ClusterStep, DesiredCluster, ObservedCluster } from './state.ts'

const owner = {
  'longshore.dev/installation': 'i',
  'longshore.dev/namespace': 'demo',
  'longshore.dev/kind': 'EcsCluster',
  'longshore.dev/name': 'web',
}
const arn = 'arn:aws:ecs:eu-central-1:123456789012:cluster/demo_web'
const namespaceArn = 'arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-1'
const unmanaged: DesiredCluster = { clusterName: 'demo_web', tags: { owner, wanted: undefined } }

const current: ObservedCluster = {
  clusterName: 'demo_web',
  arn,
  status: 'ACTIVE',
  registeredContainerInstancesCount: 0,
  runningTasksCount: 0,
  pendingTasksCount: 0,
  activeServicesCount: 0,
  drainingServicesCount: 0,
  containerInsights: 'disabled',
  configuration: {},
  serviceConnectNamespace: undefined,
  attachmentsStatus: undefined,
  capacityProviders: [],
  defaultCapacityProviderStrategy: [],
  tags: owner,
}
const outputs = { arn, name: 'demo_web' }
const fargate = { capacityProvider: 'FARGATE', weight: 1, base: 0 }
const spot = { capacityProvider: 'FARGATE_SPOT', weight: 4, base: 0 }
const namespaceTag = (name: string) => ({ [NAMESPACE_TAG]: digest(name, 32) })

function present(desired: Partial<DesiredCluster>, observed: Partial<ObservedCluster> | undefined, memo = {}) {
  return planCluster({
    goal: { type: 'present', desired: { ...unmanaged, ...desired } },
    observed: observed ? [{ ...current, ...observed }] : [],
    memo,
  })
}

function withoutSummaries(steps: readonly ClusterStep[]) {
  const isWord = (key: string): boolean => key === 'summary' || key === 'carries'
  return steps.map((step) => ({
    ...Object.fromEntries(Object.entries(step).filter(([key]) => !isWord(key))),
    summary: '',
  }))
}

const change = { effect: 'change', summary: '' } as const
const update = (changed: object) => ({ ...change, type: 'update', change: changed })
const putCapacity = (capacity: object) => ({ ...change, type: 'put-capacity', capacity })

interface Row {
  readonly fact: string
  readonly desired: Partial<DesiredCluster>
  readonly observed: Partial<ObservedCluster>
  readonly steps: readonly object[]
}

const changes: readonly Row[] = [
  {
    fact: 'leaves what is not managed as it is',
    desired: {},
    observed: { containerInsights: 'enhanced', capacityProviders: ['FARGATE'], serviceConnectNamespace: namespaceArn },
    steps: [],
  },
  {
    fact: 'leaves a match alone, whatever the order of providers',
    desired: {
      containerInsights: 'disabled',
      capacityProviders: ['FARGATE_SPOT', 'FARGATE'],
      defaultCapacityProviderStrategy: [spot, fargate],
    },
    observed: { capacityProviders: ['FARGATE', 'FARGATE_SPOT'], defaultCapacityProviderStrategy: [fargate, spot] },
    steps: [],
  },
  {
    fact: 'changes settings, configuration and namespace in one update',
    desired: {
      containerInsights: 'enabled',
      configuration: { executeCommandConfiguration: { logging: 'NONE' } },
      serviceConnectNamespace: namespaceArn,
    },
    observed: {},
    steps: [
      update({
        containerInsights: 'enabled',
        configuration: { executeCommandConfiguration: { logging: 'NONE' } },
        serviceConnectNamespace: namespaceArn,
      }),
    ],
  },
  {
    fact: 'writes the configuration with the parts of it that are not managed',
    desired: { configuration: { executeCommandConfiguration: { logging: 'NONE' } } },
    observed: {
      configuration: {
        executeCommandConfiguration: { kmsKeyId: 'k', logging: 'DEFAULT' },
        managedStorageConfiguration: { kmsKeyId: 's' },
      },
    },
    steps: [
      update({
        configuration: {
          executeCommandConfiguration: { kmsKeyId: 'k', logging: 'NONE' },
          managedStorageConfiguration: { kmsKeyId: 's' },
        },
      }),
    ],
  },
  {
    fact: 'removes the namespace for an empty one',
    desired: { serviceConnectNamespace: '' },
    observed: { serviceConnectNamespace: namespaceArn },
    steps: [update({ serviceConnectNamespace: '' })],
  },
  { fact: 'has no namespace to remove', desired: { serviceConnectNamespace: '' }, observed: {}, steps: [] },
  {
    fact: 'sets a namespace by name and then notes which, because ECS answers an ARN',
    desired: { serviceConnectNamespace: 'internal' },
    observed: { serviceConnectNamespace: namespaceArn },
    steps: [
      update({ serviceConnectNamespace: 'internal' }),
      { ...change, type: 'tag', arn, tags: namespaceTag('internal') },
    ],
  },
  {
    fact: 'knows the namespace that it set by name',
    desired: { serviceConnectNamespace: 'internal' },
    observed: { serviceConnectNamespace: namespaceArn, tags: { ...owner, ...namespaceTag('internal') } },
    steps: [],
  },
  {
    fact: 'sets the namespace again after somebody took it away',
    desired: { serviceConnectNamespace: 'internal' },
    observed: { tags: { ...owner, ...namespaceTag('internal') } },
    steps: [update({ serviceConnectNamespace: 'internal' })],
  },
  {
    fact: 'drops the note when the ARN is given instead',
    desired: { serviceConnectNamespace: namespaceArn },
    observed: { serviceConnectNamespace: namespaceArn, tags: { ...owner, ...namespaceTag('internal') } },
    steps: [{ ...change, type: 'untag', arn, keys: [NAMESPACE_TAG] }],
  },
  {
    fact: 'sets providers and keeps the strategy as far as they allow',
    desired: { capacityProviders: ['FARGATE'] },
    observed: { capacityProviders: ['FARGATE', 'FARGATE_SPOT'], defaultCapacityProviderStrategy: [fargate, spot] },
    steps: [putCapacity({ capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy: [fargate] })],
  },
  {
    fact: 'sets the strategy and adds the providers that it names',
    desired: { defaultCapacityProviderStrategy: [spot] },
    observed: { capacityProviders: ['FARGATE'] },
    steps: [putCapacity({ capacityProviders: ['FARGATE', 'FARGATE_SPOT'], defaultCapacityProviderStrategy: [spot] })],
  },
  {
    fact: 'removes all providers for an empty list',
    desired: { capacityProviders: [], defaultCapacityProviderStrategy: [] },
    observed: { capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy: [fargate] },
    steps: [putCapacity({ capacityProviders: [], defaultCapacityProviderStrategy: [] })],
  },
  {
    fact: 'sees a weight that somebody changed',
    desired: { defaultCapacityProviderStrategy: [spot] },
    observed: { capacityProviders: ['FARGATE_SPOT'], defaultCapacityProviderStrategy: [{ ...spot, weight: 5 }] },
    steps: [putCapacity({ capacityProviders: ['FARGATE_SPOT'], defaultCapacityProviderStrategy: [spot] })],
  },
  {
    fact: 'takes over what nobody owns by our tags, which come first and alone',
    desired: { serviceConnectNamespace: 'web' },
    observed: { tags: { theirs: '1' }, serviceConnectNamespace: namespaceArn },
    steps: [
      { ...change, type: 'tag', adopts: true, arn, tags: owner },
      update({ serviceConnectNamespace: 'web' }),
      { ...change, type: 'tag', arn, tags: namespaceTag('web') },
    ],
  },
]

describe('planning a cluster that is there', () => {
  for (const { fact, desired, observed, steps } of changes) {
    test(fact, () => {
      const plan = present(desired, observed)

      assert.deepEqual(withoutSummaries(plan.steps), steps)
      assert.deepEqual({ ...plan, steps: [] }, { ...emptyPlan, outputs })
    })
  }

  test('removes a tag that left the spec, and remembers it until it is gone', () => {
    const memo = { tagKeys: '["app"]' }
    const plan = present({ tags: { owner, wanted: {} } }, { tags: { ...owner, app: 'x' } }, memo)

    assert.deepEqual(plan.steps, [{ type: 'untag', effect: 'change', summary: 'remove tags app', arn, keys: ['app'] }])
    assert.deepEqual(plan.memo, memo)
  })

  test('holds capacity while ECS changes it, and nothing else', () => {
    const plan = present(
      { containerInsights: 'enabled', capacityProviders: ['FARGATE'] },
      { attachmentsStatus: 'UPDATE_IN_PROGRESS' },
    )

    assert.deepEqual(
      plan.steps.map(({ type }) => type),
      ['update'],
    )
    assert.deepEqual(
      plan.waits.map(({ reason }) => reason),
      ['Busy'],
    )
  })

  test('tries again what differs after a failed change of capacity', () => {
    const plan = present({ capacityProviders: ['FARGATE'] }, { attachmentsStatus: 'UPDATE_FAILED' })

    assert.deepEqual([plan.steps.map(({ type }) => type), plan.blocks], [['put-capacity'], []])
  })

  test('says that a person is needed when the right capacity failed', () => {
    const { blocks, steps } = present(
      { capacityProviders: ['mine'] },
      { capacityProviders: ['mine'], attachmentsStatus: 'UPDATE_FAILED' },
    )

    assert.deepEqual(steps, [])
    assert.deepEqual(
      blocks.map(({ reason, field }) => [reason, field]),
      [['RefusedByAws', 'spec.capacityProviders']],
    )
  })

  for (const { status, reason } of [
    { status: 'PROVISIONING', reason: 'Creating' },
    { status: 'DEPROVISIONING', reason: 'Deleting' },
  ]) {
    test(`waits while it is ${status}, and lets others use its outputs and keeps what it remembers`, () => {
      const memo = { tagKeys: '["app"]' }
      const plan = present({ containerInsights: 'enabled' }, { status }, memo)

      assert.deepEqual(
        plan.waits.map((wait) => wait.reason),
        [reason],
      )
      assert.deepEqual({ ...plan, waits: [] }, { ...emptyPlan, outputs, memo })
    })
  }

  test('says that a person is needed when ECS calls it FAILED', () => {
    assert.deepEqual(
      present({}, { status: 'FAILED' }).blocks.map(({ reason }) => reason),
      ['RefusedByAws'],
    )
  })
})

describe('planning a cluster that is not there', () => {
  test('creates it with everything at once', () => {
    const plan = present(
      {
        tags: { owner, wanted: { team: 'blue' } },
        containerInsights: 'enabled',
        configuration: { executeCommandConfiguration: { logging: 'DEFAULT' } },
        serviceConnectNamespace: 'internal',
        defaultCapacityProviderStrategy: [fargate],
      },
      undefined,
    )

    const cluster = {
      clusterName: 'demo_web',
      tags: { team: 'blue', ...owner, ...namespaceTag('internal') },
      containerInsights: 'enabled',
      configuration: { executeCommandConfiguration: { logging: 'DEFAULT' } },
      serviceConnectNamespace: 'internal',
      capacity: { capacityProviders: ['FARGATE'], defaultCapacityProviderStrategy: [fargate] },
    }
    assert.deepEqual(withoutSummaries(plan.steps), [{ type: 'create', effect: 'create', summary: '', cluster }])
    assert.deepEqual({ ...plan, steps: [] }, { ...emptyPlan, memo: { tagKeys: '["team"]' } })
    assert.deepEqual(plan.steps[0]?.carries, [
      'spec.settings',
      'spec.configuration',
      'spec.serviceConnectDefaults',
      'spec.defaultCapacityProviderStrategy',
    ])
  })

  test('says which fields of the spec a change carries, for the case that ECS refuses it without a word about them', () => {
    const capacityProviders = ['FARGATE']
    const { steps } = present({ containerInsights: 'enabled', capacityProviders }, {})

    assert.deepEqual(
      steps.map(({ carries }) => carries),
      [['spec.settings'], ['spec.capacityProviders', 'spec.defaultCapacityProviderStrategy']],
    )
  })

  test('sends no capacity and no empty namespace for a new one', () => {
    const [step] = present({ serviceConnectNamespace: '' }, undefined).steps

    const cluster = step?.type === 'create' ? step.cluster : undefined
    assert.deepEqual([cluster?.capacity, cluster?.serviceConnectNamespace], [undefined, undefined])
  })
})

const deletion = [{ type: 'delete', effect: 'delete', summary: 'delete ECS cluster demo_web' }] as const
const used = { activeServicesCount: 1, runningTasksCount: 2 }

describe('planning that a cluster goes', () => {
  for (const { fact, observed, steps, waits } of [
    { fact: 'is done when there is none', observed: undefined, steps: [], waits: [] },
    { fact: 'deletes an empty one', observed: {}, steps: deletion, waits: [] },
    { fact: 'deletes a failed one', observed: { status: 'FAILED' }, steps: deletion, waits: [] },
    {
      fact: 'names what is still in it',
      observed: used,
      steps: [],
      waits: ['InUse: ECS cluster demo_web still has 1 active service, 2 running tasks'],
    },
    {
      fact: 'waits for services that drain',
      observed: { drainingServicesCount: 1 },
      steps: [],
      waits: ['InUse: ECS cluster demo_web still has 1 draining service'],
    },
    {
      fact: 'waits for tasks that are about to run',
      observed: { pendingTasksCount: 1 },
      steps: [],
      waits: ['InUse: ECS cluster demo_web still has 1 pending task'],
    },
    {
      fact: 'waits for container instances',
      observed: { registeredContainerInstancesCount: 3 },
      steps: [],
      waits: ['InUse: ECS cluster demo_web still has 3 container instances'],
    },
    {
      fact: 'waits while its capacity changes',
      observed: { attachmentsStatus: 'UPDATE_IN_PROGRESS' },
      steps: [],
      waits: ['Busy: ECS is changing the capacity providers of cluster demo_web'],
    },
    {
      fact: 'waits while it is taken down',
      observed: { status: 'DEPROVISIONING' },
      steps: [],
      waits: ['Deleting: ECS is taking down cluster demo_web'],
    },
  ]) {
    test(fact, () => {
      const plan = planCluster({
        goal: { type: 'absent', removal: { policy: 'Delete', force: false } },
        observed: observed ? [{ ...current, ...observed }] : [],
        memo: {},
      })

      assert.deepEqual(plan.steps, steps)
      assert.deepEqual(
        plan.waits.map(({ reason, message }) => `${reason}: ${message}`),
        waits,
      )
    })
  }

  test('takes only our tags off when it stays, used or not', () => {
    const plan = planCluster({
      goal: { type: 'absent', removal: { policy: 'Retain', force: false } },
      observed: [{ ...current, ...used, tags: { ...owner, ...namespaceTag('internal'), team: 'blue' } }],
      memo: {},
    })

    const keys = [...Object.keys(owner), NAMESPACE_TAG]
    assert.deepEqual(plan, {
      ...emptyPlan,
      steps: [{ type: 'untag', effect: 'change', summary: 'release ECS cluster demo_web', arn, keys }],
    })
  })
})

/** What ECS would show after the step. */
function after(observed: ObservedCluster | undefined, step: ClusterStep): ObservedCluster | undefined {
  if (step.type === 'create') {
    const { capacity, tags, ...changed } = step.cluster
    return changedBy({ ...current, ...capacity, tags }, changed)
  }
  if (!observed) throw new Error(`${step.type} on nothing`)
  switch (step.type) {
    case 'update':
      return changedBy(observed, step.change)
    case 'put-capacity':
      return { ...observed, ...step.capacity }
    case 'tag':
      return { ...observed, tags: { ...observed.tags, ...step.tags } }
    case 'untag':
      return {
        ...observed,
        tags: Object.fromEntries(Object.entries(observed.tags).filter(([key]) => !step.keys.includes(key))),
      }
    case 'delete':
      return undefined
  }
}

function changedBy(observed: ObservedCluster, change: Partial<DesiredCluster>): ObservedCluster {
  const namespace = change.serviceConnectNamespace
  return {
    ...observed,
    containerInsights: change.containerInsights ?? observed.containerInsights,
    configuration: change.configuration ?? observed.configuration,
    serviceConnectNamespace: namespace === undefined ? observed.serviceConnectNamespace : namespaceAfter(namespace),
  }
}

// ECS answers ARNs, whatever it was given.
function namespaceAfter(namespace: string): string | undefined {
  if (namespace === '') return undefined
  return namespace.startsWith('arn:') ? namespace : `${namespaceArn}-${namespace}`
}

const absent = fc.constant(undefined)
const providers = fc.uniqueArray(fc.constantFrom('FARGATE', 'FARGATE_SPOT', 'mine'))
const strategies = fc
  .uniqueArray(fc.constantFrom('FARGATE', 'FARGATE_SPOT', 'mine'))
  .chain((names) =>
    fc.tuple(
      ...names.map((capacityProvider) =>
        fc.record({ capacityProvider: fc.constant(capacityProvider), weight: fc.nat(2), base: fc.nat(1) }),
      ),
    ),
  )
const configurations = fc.record(
  {
    executeCommandConfiguration: fc.record(
      { logging: fc.constantFrom('NONE' as const, 'DEFAULT' as const), kmsKeyId: fc.constantFrom('a', 'b') },
      { requiredKeys: [] },
    ),
    managedStorageConfiguration: fc.record({ kmsKeyId: fc.constantFrom('a', 'b') }),
  },
  { requiredKeys: [] },
)
const userTags = fc.dictionary(fc.constantFrom('team', 'app'), fc.constantFrom('', 'x'))

const desiredStates: fc.Arbitrary<DesiredCluster> = fc
  .record({
    wanted: fc.oneof(absent, userTags),
    containerInsights: fc.oneof(absent, fc.constantFrom('enabled' as const, 'disabled' as const)),
    configuration: fc.oneof(absent, configurations),
    serviceConnectNamespace: fc.constantFrom(undefined, '', 'internal', 'other', namespaceArn),
    capacityProviders: fc.oneof(absent, providers),
    defaultCapacityProviderStrategy: fc.oneof(absent, strategies),
  })
  .map(({ wanted, ...rest }) => ({ ...unmanaged, ...rest, tags: { owner, wanted } }))

const observedStates: fc.Arbitrary<ObservedCluster | undefined> = fc.option(
  fc
    .record({
      status: fc.constantFrom('ACTIVE', 'PROVISIONING', 'DEPROVISIONING', 'FAILED'),
      attachmentsStatus: fc.constantFrom(undefined, 'UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE', 'UPDATE_FAILED'),
      runningTasksCount: fc.nat(1),
      containerInsights: fc.constantFrom(undefined, 'enabled', 'disabled'),
      configuration: configurations,
      serviceConnectNamespace: fc.constantFrom(undefined, namespaceArn, `${namespaceArn}-other`),
      capacityProviders: providers,
      defaultCapacityProviderStrategy: strategies,
      tags: userTags.map((tags) => ({ ...owner, ...namespaceTag('internal'), ...tags, theirs: '1' })),
    })
    .map((state) => ({ ...current, ...state })),
  { nil: undefined },
)
const seen = (state: ObservedCluster | undefined) => (state ? [state] : [])

test('from any state, one round of steps leads to a cluster in sync, with the tags of others', () => {
  fc.assert(
    fc.property(desiredStates, observedStates, (desired, start) => {
      const goal = { type: 'present', desired } as const

      const plan = planCluster({ goal, observed: seen(start), memo: {} })
      const end = plan.steps.reduce(after, start)

      assert.ok(end)
      assert.deepEqual(planCluster({ goal, observed: [end], memo: plan.memo }).steps, [])
      assert.equal(end.tags['theirs'], start?.tags['theirs'])
    }),
    { numRuns: 500 },
  )
})

test('from any state, what shall go is gone, or waits for a reason', () => {
  fc.assert(
    fc.property(observedStates, (start) => {
      const goal = { type: 'absent', removal: { policy: 'Delete', force: false } } as const

      const plan = planCluster({ goal, observed: seen(start), memo: {} })
      const end = plan.steps.reduce(after, start)

      assert.equal(end === undefined, plan.waits.length === 0)
    }),
  )
})

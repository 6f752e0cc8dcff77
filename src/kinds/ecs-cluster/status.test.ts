import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Observation } from '../../core/plan.ts'
import type { ResourceReport } from '../../reconciler/kind.ts'
import type { ClusterOutput, ObservedCluster } from '../../resources/ecs-cluster/state.ts'
import { ecsClusterKind } from './index.ts'
import { EcsClusterStatus } from './schema.ts'
import { reportEcsCluster } from './status.ts'

type Report = ResourceReport<ObservedCluster, ClusterOutput>

const whole: EcsClusterStatus = {
  clusterName: 'demo_web',
  arn: 'the arn',
  status: 'ACTIVE',
  registeredContainerInstancesCount: 0,
  runningTasksCount: 3,
  pendingTasksCount: 1,
  activeServicesCount: 2,
}
const cluster: ObservedCluster = {
  clusterName: 'demo_web',
  arn: 'the arn',
  status: 'ACTIVE',
  registeredContainerInstancesCount: 0,
  runningTasksCount: 3,
  pendingTasksCount: 1,
  activeServicesCount: 2,
  drainingServicesCount: 0,
  containerInsights: undefined,
  configuration: {},
  serviceConnectNamespace: undefined,
  attachmentsStatus: undefined,
  capacityProviders: [],
  defaultCapacityProviderStrategy: [],
  tags: {},
}
const nothing = {
  clusterName: undefined,
  arn: undefined,
  status: undefined,
  registeredContainerInstancesCount: undefined,
  runningTasksCount: undefined,
  pendingTasksCount: undefined,
  activeServicesCount: undefined,
}
const unknown: Observation<never> = { type: 'unknown', code: 'throttled', message: 'later' }
const known = (...items: readonly ObservedCluster[]): Observation<ObservedCluster> => ({ type: 'known', items })

for (const { fact, observation, outputs, expected } of [
  {
    fact: 'what was seen is reported, and no more than the status has',
    observation: known(cluster),
    outputs: {},
    expected: whole,
  },
  { fact: 'what could not be seen stays', observation: unknown, outputs: {}, expected: whole },
  {
    fact: 'what was just created is reported by its outputs',
    observation: known(),
    outputs: { arn: 'new arn', name: 'demo_web' },
    expected: { ...nothing, arn: 'new arn', clusterName: 'demo_web' },
  },
  { fact: 'what is gone is gone from the status', observation: known(), outputs: {}, expected: nothing },
]) {
  test(fact, () => {
    const report = (): Report => ({ observation, outputs, plan: undefined })

    const { fields } = reportEcsCluster({ previous: whole, report: report as never })

    assert.deepEqual(fields, expected)
    assert.ok(EcsClusterStatus.safeParse(fields).success)
  })
}

test('others can use name and ARN once they exist', () => {
  assert.deepEqual(ecsClusterKind.provides(whole), { arn: 'the arn', name: 'demo_web' })
  assert.deepEqual(ecsClusterKind.provides({}), {})
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isOutput, outputsIn } from '../../core/output.ts'
import type { Composed } from '../../reconciler/composed.ts'
import type { DesiredService } from '../../resources/ecs-service/desired.ts'
import type { DesiredTaskDefinition } from '../../resources/ecs-task-definition/desired.ts'
import { composeEcsService, referencesOf } from './compose.ts'
import { ecsServiceKind } from './index.ts'
import { EcsServiceSpec } from './schema.ts'

const owner = { installationId: 'here', namespace: 'demo', kind: 'EcsService', name: 'hello' }
const place = { owner, accountId: '123456789012', region: 'eu-central-1', partition: 'aws', references: {} }

type Container = EcsServiceSpec['taskDefinition']['containerDefinitions'][number]
const web: Container = { name: 'web', image: 'nginxdemos/hello', logConfiguration: { logDriver: 'awslogs' } }

function specOf(changes: Partial<EcsServiceSpec> = {}, container: Container = web): EcsServiceSpec {
  return {
    clusterName: 'main',
    taskDefinition: { cpu: '256', memory: '512', containerDefinitions: [container] },
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    ...changes,
  }
}

function compose(spec: EcsServiceSpec, references: Readonly<Record<string, string>> = {}) {
  const items = composeEcsService({ ...place, references, spec: EcsServiceSpec.parse(spec) })
  return new Map(items.map((item) => [item.name, item]))
}

function desiredOf<T>(items: ReadonlyMap<string, Composed>, name: string): T {
  const item = items.get(name)
  assert.ok(item, `${name} is composed`)
  return item.desired as T
}

const taskDefinitionOf = (spec: EcsServiceSpec) => desiredOf<DesiredTaskDefinition>(compose(spec), 'task-definition')
const serviceOf = (spec: EcsServiceSpec, references = {}) =>
  desiredOf<DesiredService>(compose(spec, references), 'service')
const logOptionsOf = (container: Container) =>
  taskDefinitionOf(specOf({}, container)).content.containerDefinitions[0]?.logConfiguration?.options

describe('an EcsService stands for', () => {
  test('a log group, a task definition and a service, which leave in the other order', () => {
    const items = compose(specOf())

    assert.deepEqual(
      [...items.values()].map(({ name, dependsOn, retain }) => ({ name, dependsOn, retain })),
      [
        { name: 'log-group', dependsOn: [], retain: true },
        { name: 'task-definition', dependsOn: ['log-group'], retain: false },
        { name: 'service', dependsOn: ['task-definition', 'log-group'], retain: false },
      ],
    )
  })

  for (const { fact, container } of [
    { fact: 'no container writes logs', container: { name: 'web', image: 'web' } },
    {
      fact: 'every container names its own',
      container: { ...web, logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/mine' } } },
    },
    { fact: 'logs go elsewhere', container: { ...web, logConfiguration: { logDriver: 'splunk' } } },
  ] satisfies readonly { fact: string; container: Container }[]) {
    test(`no log group where ${fact}`, () => {
      assert.deepEqual([...compose(specOf({}, container)).keys()], ['task-definition', 'service'])
    })
  }
})

describe('log options', () => {
  test('are filled in where they are absent, the group once it exists', () => {
    const { 'awslogs-group': group, ...rest } = logOptionsOf(web) ?? {}

    assert.ok(isOutput(group))
    assert.deepEqual({ resource: group.resource, output: group.output }, { resource: 'log-group', output: 'name' })
    assert.deepEqual(rest, { 'awslogs-region': 'eu-central-1', 'awslogs-stream-prefix': 'ecs' })
  })

  test('that the spec gives stay', () => {
    const options = { 'awslogs-group': '/mine', 'awslogs-region': 'us-east-1', 'awslogs-stream-prefix': 'web' }

    assert.deepEqual(logOptionsOf({ ...web, logConfiguration: { logDriver: 'awslogs', options } }), options)
  })

  test('of other drivers are left alone', () => {
    assert.equal(logOptionsOf({ ...web, logConfiguration: { logDriver: 'splunk' } }), undefined)
  })
})

describe('names', () => {
  test('are derived from the namespace and the name', () => {
    assert.equal(taskDefinitionOf(specOf()).family, 'demo_hello')
    assert.equal(serviceOf(specOf()).name, 'demo_hello')
  })

  test('that the spec gives are taken', () => {
    const { taskDefinition } = specOf()

    assert.equal(taskDefinitionOf(specOf({ taskDefinition: { ...taskDefinition, family: 'mine' } })).family, 'mine')
    assert.equal(serviceOf(specOf({ serviceName: 'mine' })).name, 'mine')
  })

  for (const { fact, spec, references } of [
    { fact: 'by name', spec: specOf(), references: {} },
    {
      fact: 'by ARN',
      spec: specOf({ clusterName: undefined, clusterArn: 'arn:aws:ecs:eu-central-1:123456789012:cluster/main' }),
      references: {},
    },
    {
      fact: 'by reference',
      spec: specOf({ clusterName: undefined, clusterRef: { name: 'demo-cluster' } }),
      references: { clusterRef: 'main' },
    },
  ]) {
    test(`of the cluster can be given ${fact}`, () => assert.equal(serviceOf(spec, references).cluster, 'main'))
  }
})

test('a reference to a cluster waits for its name', () => {
  const spec = specOf({ clusterName: undefined, clusterRef: { name: 'demo-cluster', namespace: 'shared' } })

  assert.deepEqual(referencesOf(spec), [
    { field: 'clusterRef', kind: 'EcsCluster', output: 'name', name: 'demo-cluster', namespace: 'shared' },
  ])
  assert.deepEqual(referencesOf(specOf()), [])
})

test('the service runs whatever revision the task definition turns out to be', () => {
  const service = serviceOf(specOf())

  assert.deepEqual(
    outputsIn({ template: service.template, revisionHash: service.revisionHash }).map(
      ({ resource, output }) => `${resource}.${output}`,
    ),
    ['task-definition.arn', 'task-definition.contentHash'],
  )
})

test('what the spec does not mention is not managed', () => {
  const { settings, desiredCount, tags, launchType } = serviceOf(specOf())

  assert.deepEqual(
    [...Object.values(settings), desiredCount, tags, launchType].filter((value) => value !== undefined),
    [],
  )
})

test('a launch type takes the place of a strategy', () => {
  assert.deepEqual(serviceOf(specOf({ launchType: 'FARGATE' })).settings.capacityProviderStrategy, [])
})

for (const { fact, desiredCount, observed, filledIn } of [
  {
    fact: 'is filled in with what the service has',
    observed: [{ status: 'ACTIVE', desiredCount: 7 }],
    filledIn: { desiredCount: 7 },
  },
  { fact: 'stays as the spec says', desiredCount: 0, observed: [{ status: 'ACTIVE', desiredCount: 7 }], filledIn: {} },
  { fact: 'is not taken from a tombstone', observed: [{ status: 'INACTIVE', desiredCount: 0 }], filledIn: {} },
  { fact: 'waits until the service is seen', observed: undefined, filledIn: {} },
]) {
  test(`the count ${fact}`, () => {
    const observation = observed === undefined ? { type: 'unknown' } : { type: 'known', items: observed }
    const report = () => ({ observation }) as never

    assert.deepEqual(
      ecsServiceKind.fillIn?.(specOf(desiredCount === undefined ? {} : { desiredCount }), report),
      filledIn,
    )
  })
}

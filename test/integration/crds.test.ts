import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { kinds } from '../../src/app/kinds.ts'
import { joinCluster } from '../support/control-plane.ts'
import { type Manifest, apply, exampleOf } from '../support/manifests.ts'

const { kubectl, namespace } = await joinCluster(import.meta.url)
const DRY_RUN = '--dry-run=server'

interface ServedCrd {
  readonly status: { readonly conditions: readonly { readonly type: string; readonly status: string }[] }
}

describe('the API server', () => {
  for (const { kind, presentation } of kinds) {
    test(`takes the CRD of ${kind} as it is, structure and names and cost of rules`, async () => {
      const crd: ServedCrd = JSON.parse(
        await kubectl('get', 'crd', `${presentation.plural}.longshore.dev`, '--output=json'),
      )

      const holding = crd.status.conditions.filter(({ status }) => status === 'True').map(({ type }) => type)
      assert.deepEqual(holding.toSorted(), ['Established', 'NamesAccepted'])
    })

    test(`takes the example of ${kind}`, async () => {
      const said = await apply(kubectl, await exampleOf(kind, namespace), DRY_RUN, '--validate=strict')

      assert.match(said, /created \(server dry run\)/)
    })

    test(`refuses a field that ${kind} does not have`, async () => {
      const example = await exampleOf(kind, namespace)
      const said = await apply(kubectl, { ...example, spec: { ...example.spec, colour: 'blue' } }, DRY_RUN)

      assert.match(said, /unknown field "spec\.colour"/)
    })

    test(`explains ${kind} and its conditions`, async () => {
      const explained = await kubectl('explain', `${presentation.plural}.status.conditions.reason`)

      assert.match(explained, /DESCRIPTION:\n\s+Why, as one CamelCase word/)
    })
  }
})

interface PublishedSchema {
  readonly description?: string
  readonly properties?: Readonly<Record<string, PublishedSchema>>
  readonly items?: PublishedSchema
  readonly additionalProperties?: PublishedSchema | boolean
}

/** Paths of the fields that `kubectl explain`, which reads this document, would show without a sentence. */
function silentFields(schema: PublishedSchema, path: string): readonly string[] {
  const { properties = {}, items, additionalProperties } = schema
  const values = typeof additionalProperties === 'object' ? [additionalProperties] : []
  return [
    ...Object.entries(properties).flatMap(([name, property]) => [
      ...(/\S[.!?]$/.test(property.description ?? '') ? [] : [`${path}.${name}`]),
      ...silentFields(property, `${path}.${name}`),
    ]),
    ...[...(items === undefined ? [] : [items]), ...values].flatMap((inner) => silentFields(inner, path)),
  ]
}

test('kubectl explain has a sentence for every field of spec and status', async () => {
  const published: { components: { schemas: Record<string, PublishedSchema> } } = JSON.parse(
    await kubectl('get', '--raw', '/openapi/v3/apis/longshore.dev/v1alpha1'),
  )

  for (const { kind } of kinds) {
    const schema = published.components.schemas[`dev.longshore.v1alpha1.${kind}`]
    assert.ok(schema?.properties?.['spec']?.properties, `${kind} is published`)
    const { spec, status } = schema.properties
    assert.deepEqual(silentFields({ properties: { ...(spec && { spec }), ...(status && { status }) } }, kind), [])
  }
})

type Spec = Readonly<Record<string, unknown>>

interface Refusal {
  readonly kind: string
  readonly fact: string
  /** The spec that is refused, made of the example's. */
  readonly bad: (spec: Spec) => Spec
  readonly says: RegExp
}

const refusedAtOnce: readonly Refusal[] = [
  {
    kind: 'EcrRepository',
    fact: 'a name that ECR does not take',
    bad: (spec) => ({ ...spec, repositoryName: 'Upper' }),
    says: /spec\.repositoryName: Invalid value: "Upper"/,
  },
  {
    kind: 'EcrRepository',
    fact: 'a word that is not in the list',
    bad: (spec) => ({ ...spec, imageTagMutability: 'SOMETIMES' }),
    says: /spec\.imageTagMutability: Unsupported value: "SOMETIMES": supported values: "MUTABLE"/,
  },
  {
    kind: 'EcrRepository',
    fact: 'exclusion filters without the setting that uses them',
    bad: (spec) => ({
      ...spec,
      imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
    }),
    says: /spec\.imageTagMutabilityExclusionFilters goes with/,
  },
  {
    kind: 'EcrRepository',
    fact: 'two ways to say one lifecycle policy',
    bad: (spec) => ({ ...spec, lifecyclePolicyText: '{}' }),
    says: /spec\.lifecyclePolicy and spec\.lifecyclePolicyText say the same thing/,
  },
  {
    kind: 'EcrRepository',
    fact: 'a KMS key where AES256 encrypts',
    bad: (spec) => ({ ...spec, encryptionConfiguration: { encryptionType: 'AES256', kmsKey: 'alias/mine' } }),
    says: /spec\.encryptionConfiguration\.kmsKey needs encryptionType KMS/,
  },
  {
    kind: 'EcrRepository',
    fact: 'a tag that only the operator sets',
    bad: (spec) => ({ ...spec, tags: [{ key: 'longshore.dev/kind', value: 'mine' }] }),
    says: /spec\.tags: Invalid value: .*tag keys that start with 'longshore\.dev\/'/,
  },
  {
    kind: 'EcrRepository',
    fact: 'the same tag twice',
    bad: (spec) => ({ ...spec, tags: [{ key: 'team' }, { key: 'team' }] }),
    says: /spec\.tags\[1\]: Duplicate value/,
  },
  {
    kind: 'EcrRepository',
    fact: 'a number where a list belongs',
    bad: (spec) => ({ ...spec, pullPrincipals: 7 }),
    says: /spec\.pullPrincipals: Invalid value: "integer": .* must be of type array/,
  },
  {
    kind: 'EcrRepository',
    fact: 'a whole policy beside principals of which one is made',
    bad: (spec) => ({ ...spec, policyText: '{}' }),
    says: /spec\.policyText is the whole repository policy/,
  },
  {
    kind: 'EcrRepository',
    fact: 'a lifecycle rule for any image before other rules',
    bad: (spec) => ({
      ...spec,
      lifecyclePolicy: { rules: [lifecycleRule(1, {}), lifecycleRule(2, { tagStatus: 'untagged' })] },
    }),
    says: /a rule of spec\.lifecyclePolicy with tagStatus any must have the highest rulePriority/,
  },
  {
    kind: 'EcrRepository',
    fact: 'a lifecycle rule for tagged images without a tag',
    bad: (spec) => ({ ...spec, lifecyclePolicy: { rules: [lifecycleRule(1, { tagStatus: 'tagged' })] } }),
    says: /selection\.tagStatus tagged needs either tagPatternList or tagPrefixList/,
  },
  {
    kind: 'EcrRepository',
    fact: 'a lifecycle rule that counts days without saying so',
    bad: (spec) => ({ ...spec, lifecyclePolicy: { rules: [lifecycleRule(1, { countType: 'sinceImagePushed' })] } }),
    says: /selection\.countUnit must be days/,
  },
  {
    kind: 'EcrRepository',
    fact: 'a lifecycle rule that expires by last pull',
    bad: (spec) => ({
      ...spec,
      lifecyclePolicy: { rules: [lifecycleRule(1, { countType: 'sinceImagePulled', countUnit: 'days' })] },
    }),
    says: /countType sinceImagePulled goes with action\.type transition only/,
  },
  {
    kind: 'EcsCluster',
    fact: 'a name that ECS does not take',
    bad: (spec) => ({ ...spec, clusterName: 'a.b' }),
    says: /spec\.clusterName: Invalid value: "a\.b"/,
  },
  {
    kind: 'EcsCluster',
    fact: 'a weight out of range',
    bad: (spec) => ({ ...spec, defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1001 }] }),
    says: /spec\.defaultCapacityProviderStrategy\[0\]\.weight: Invalid value: 1001/,
  },
  {
    kind: 'EcsCluster',
    fact: 'a strategy that names a provider which the cluster may not use',
    bad: (spec) => ({ ...spec, capacityProviders: ['FARGATE'] }),
    says: /spec\.defaultCapacityProviderStrategy may only name providers that are in spec\.capacityProviders/,
  },
  {
    kind: 'EcsCluster',
    fact: 'two providers with a base',
    bad: (spec) => ({
      ...spec,
      defaultCapacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base: 1, weight: 1 },
        { capacityProvider: 'FARGATE_SPOT', base: 1 },
      ],
    }),
    says: /only one provider of spec\.defaultCapacityProviderStrategy may have a base/,
  },
  {
    kind: 'EcsCluster',
    fact: 'several providers without a weight',
    bad: (spec) => ({
      ...spec,
      defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE' }, { capacityProvider: 'FARGATE_SPOT' }],
    }),
    says: /one provider of spec\.defaultCapacityProviderStrategy must have a weight above 0/,
  },
  {
    kind: 'EcsCluster',
    fact: 'overriding where commands are logged without saying where',
    bad: (spec) => ({ ...spec, configuration: { executeCommandConfiguration: { logging: 'OVERRIDE' } } }),
    says: /executeCommandConfiguration\.logConfiguration goes with logging OVERRIDE/,
  },
  {
    kind: 'EcsService',
    fact: 'an amount of memory that is no number, by that rule alone',
    bad: withTaskDefinition({ memory: '1024x' }),
    says: /^(?![\s\S]*evaluating rule)[\s\S]*spec\.taskDefinition\.memory in body should match/,
  },
  {
    kind: 'EcsService',
    fact: 'two ways to say where it runs',
    bad: (spec) => ({ ...spec, clusterName: 'demo' }),
    says: /exactly one of spec\.clusterRef, spec\.clusterName and spec\.clusterArn/,
  },
  {
    kind: 'EcsService',
    fact: 'memory that Fargate does not have with that much CPU',
    bad: withTaskDefinition({ cpu: '256', memory: '4096' }),
    says: /spec\.taskDefinition\.memory does not go with spec\.taskDefinition\.cpu on Fargate/,
  },
  {
    kind: 'EcsService',
    fact: 'an eleventh container',
    bad: withContainers(...Array.from({ length: 11 }, (_, index) => ({ name: `c${index}` }))),
    says: /spec\.taskDefinition\.containerDefinitions: Too many: 11: must have at most 10 items/,
  },
  {
    kind: 'EcsService',
    fact: 'two containers of one name',
    bad: withContainers({ name: 'one' }, { name: 'one' }),
    says: /spec\.taskDefinition\.containerDefinitions\[1\]: Duplicate value/,
  },
  {
    kind: 'EcsService',
    fact: 'no essential container',
    bad: withContainers({ name: 'one', essential: false }),
    says: /spec\.taskDefinition\.containerDefinitions needs at least one essential container/,
  },
  {
    kind: 'EcsService',
    fact: 'a host port of its own',
    bad: withContainers({ name: 'one', portMappings: [{ containerPort: 80, hostPort: 8080 }] }),
    says: /portMappings\[\]\.hostPort must be the containerPort on Fargate/,
  },
  {
    kind: 'EcsService',
    fact: 'one port for two containers',
    bad: withContainers(
      { name: 'one', portMappings: [{ containerPort: 80 }] },
      { name: 'two', portMappings: [{ containerPort: 80, protocol: 'tcp' }] },
    ),
    says: /containerPort is used by two containers/,
  },
  {
    kind: 'EcsService',
    fact: 'one port twice in a container',
    bad: withContainers({ name: 'one', portMappings: [{ containerPort: 80 }, { containerPort: 80 }] }),
    says: /portMappings names the same containerPort and protocol twice/,
  },
  {
    kind: 'EcsService',
    fact: 'a dependency on a container that is not there',
    bad: withContainers({ name: 'one', dependsOn: [{ containerName: 'two', condition: 'START' }] }),
    says: /dependsOn\[\]\.containerName must be another container of the task/,
  },
  {
    kind: 'EcsService',
    fact: 'waiting for the health of a container that has no health check',
    bad: withContainers({ name: 'one', dependsOn: [{ containerName: 'two', condition: 'HEALTHY' }] }, { name: 'two' }),
    says: /condition HEALTHY needs a container with a healthCheck/,
  },
  {
    kind: 'EcsService',
    fact: 'a mount of a volume that is not there',
    bad: withContainers({ name: 'one', mountPoints: [{ sourceVolume: 'data', containerPath: '/data' }] }),
    says: /mountPoints\[\]\.sourceVolume must be one of spec\.taskDefinition\.volumes/,
  },
  {
    kind: 'EcsService',
    fact: 'secrets without the role that fetches them',
    bad: withContainers({ name: 'one', secrets: [{ name: 'TOKEN', valueFrom: 'token' }] }),
    says: /spec\.taskDefinition\.executionRoleArn is needed for/,
  },
  {
    kind: 'EcsService',
    fact: 'containers that ask for more CPU than the task has',
    bad: withContainers({ name: 'one', cpu: 513 }),
    says: /spec\.taskDefinition\.cpu is less than what its containers ask for together/,
  },
  {
    kind: 'EcsService',
    fact: 'a launch type beside a strategy',
    bad: (spec) => ({ ...spec, capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] }),
    says: /spec\.launchType and spec\.capacityProviderStrategy exclude each other/,
  },
  {
    kind: 'EcsService',
    fact: 'percentages that let ECS neither stop nor start a task',
    bad: (spec) => ({ ...spec, deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 } }),
    says: /spec\.deploymentConfiguration\.minimumHealthyPercent must be less than maximumPercent/,
  },
  {
    kind: 'EcsService',
    fact: 'Service Connect on a port that has no such name',
    bad: (spec) => ({ ...spec, serviceConnectConfiguration: { enabled: true, services: [{ portName: 'web' }] } }),
    says: /spec\.serviceConnectConfiguration\.services\[\]\.portName must be the name of a port mapping/,
  },
  {
    kind: 'EcsService',
    fact: 'a load balancer, which it does not have yet',
    bad: (spec) => ({ ...spec, loadBalancers: [] }),
    says: /unknown field "spec\.loadBalancers"/,
  },
]

function withTaskDefinition(changes: Spec): (spec: Spec) => Spec {
  return (spec) => ({
    ...spec,
    taskDefinition: { cpu: '512', memory: '1024', containerDefinitions: [{ name: 'one', image: 'one' }], ...changes },
  })
}

function withContainers(...containers: readonly Spec[]): (spec: Spec) => Spec {
  return withTaskDefinition({ containerDefinitions: containers.map((container) => ({ image: 'one', ...container })) })
}

function lifecycleRule(rulePriority: number, selection: Spec): Spec {
  const any = { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 }
  return { rulePriority, selection: { ...any, ...selection }, action: { type: 'expire' } }
}

function worsened(example: Manifest, { bad }: Refusal): Manifest {
  return { ...example, spec: bad(example.spec) }
}

describe('kubectl apply is refused with a sentence that names the field', () => {
  for (const refusal of refusedAtOnce) {
    test(`${refusal.kind}: ${refusal.fact}`, async () => {
      const example = await exampleOf(refusal.kind, namespace)

      assert.match(await apply(kubectl, worsened(example, refusal), DRY_RUN), refusal.says)
    })
  }
})

interface RefusedEdit {
  readonly kind: string
  readonly fact: string
  readonly from: Spec
  readonly to: Spec
  readonly says: RegExp
}

const refusedEdits: readonly RefusedEdit[] = [
  {
    kind: 'EcrRepository',
    fact: 'a name where there was none, for then it was derived',
    from: {},
    to: { repositoryName: 'another' },
    says: /spec\.repositoryName cannot change, because ECR cannot rename a repository/,
  },
  {
    kind: 'EcrRepository',
    fact: 'another name',
    from: { repositoryName: 'one' },
    to: { repositoryName: 'another' },
    says: /spec\.repositoryName cannot change, because ECR cannot rename a repository/,
  },
  {
    kind: 'EcrRepository',
    fact: 'another encryption',
    from: { encryptionConfiguration: { encryptionType: 'AES256' } },
    to: { encryptionConfiguration: { encryptionType: 'KMS' } },
    says: /spec\.encryptionConfiguration cannot change, because ECR cannot encrypt a repository anew/,
  },
  {
    kind: 'EcsCluster',
    fact: 'another cluster name',
    from: { clusterName: 'one' },
    to: { clusterName: 'another' },
    says: /spec\.clusterName cannot change, because ECS cannot rename a cluster/,
  },
  {
    kind: 'EcsService',
    fact: 'another service name',
    from: { serviceName: 'one' },
    to: { serviceName: 'another' },
    says: /spec\.serviceName cannot change, because ECS cannot rename a service/,
  },
  {
    kind: 'EcsService',
    fact: 'another cluster',
    from: { clusterRef: { name: 'one' } },
    to: { clusterRef: { name: 'another' } },
    says: /spec\.clusterRef cannot change, because ECS cannot move a service to another cluster/,
  },
]

describe('an edit of what AWS cannot change is refused with a sentence that says what to do instead', () => {
  for (const { kind, fact, from, to, says } of refusedEdits) {
    test(`${kind}: ${fact}`, async () => {
      const example = await exampleOf(kind, namespace)
      const stored = { ...example, metadata: { ...example.metadata, name: fact.replaceAll(/[^a-z]/g, '-') } }
      await apply(kubectl, { ...stored, spec: { ...example.spec, ...from } })

      assert.match(await apply(kubectl, { ...stored, spec: { ...example.spec, ...to } }, DRY_RUN), says)
    })
  }

  test('a kind that declares immutable fields has an edit here', () => {
    const declaring = kinds.filter(({ immutable }) => immutable.length > 0).map(({ kind }) => kind)

    assert.deepEqual(
      declaring.filter((kind) => !refusedEdits.some((edit) => edit.kind === kind)),
      [],
    )
  })
})

describe('an object that the operator has not seen', () => {
  for (const { kind } of kinds) {
    test(`${kind}: says so, as kstatus would take it for done otherwise`, async () => {
      const example = await exampleOf(kind, namespace)
      await apply(kubectl, { ...example, metadata: { ...example.metadata, name: 'unseen' } })

      assert.equal(
        await kubectl('get', `${kind}.longshore.dev/unseen`, '--namespace', namespace, '--output=jsonpath={.status}'),
        '{"observedGeneration":-1}',
      )
    })
  }
})

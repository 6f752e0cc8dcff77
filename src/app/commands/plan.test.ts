import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { ECRClient, PutImageCommand } from '@aws-sdk/client-ecr'
import { stringify } from 'yaml'
import { createConformanceAws } from '../../../test/conformance/aws.ts'
import { createWorld, exampleOf, type Manifest, type World } from '../../../test/conformance/world.ts'
import { silentTerminal } from '../../../test/support/silent-terminal.ts'
import { ecrRepositoryKind } from '../../kinds/ecr-repository/index.ts'
import { ecsServiceKind } from '../../kinds/ecs-service/index.ts'
import { kinds } from '../kinds.ts'
import { plan } from './plan.ts'
import type { World as WorldInReach } from './world/reach.ts'

type Document = Readonly<Record<string, unknown>>

const [cluster, service] = exampleOf(ecsServiceKind)
assert.ok(cluster && service)
const NAMESPACE = service.metadata.namespace ?? ''
const SECRET = 'hunter2'

const aws = createConformanceAws()
let world: World

beforeEach(() => {
  aws.reset()
  world = createWorld({ aws, installationId: 'here' })
})

interface PlanResult {
  readonly exitCode: number
  readonly printed: string
  readonly complaints: readonly string[]
}

interface PlanInput {
  readonly manifests: readonly unknown[]
  readonly prune?: boolean
  readonly asksForPreview?: boolean
  readonly format?: 'text' | 'json' | 'yaml'
  readonly around?: Partial<WorldInReach>
  readonly namespace?: string
  readonly isInteractive?: boolean
}

/** Plans as the command does, and holds it to writing nothing. */
async function planned({
  manifests,
  prune = false,
  asksForPreview = false,
  format = 'text',
  around,
  namespace,
  isInteractive = false,
}: PlanInput): Promise<PlanResult> {
  const before = { aws: aws.writes(), kubernetes: [...world.cluster.writes] }
  const said = { printed: '', complaints: [] as string[] }
  const terminal = {
    ...silentTerminal,
    isInteractive,
    readInput: () => Promise.resolve(manifests.map((manifest) => stringify(manifest)).join('---\n')),
    print: (text: string) => void (said.printed += text),
    complain: (sentence: string) => void said.complaints.push(sentence),
  }
  const surroundings = {
    cluster: world.cluster,
    namespace: NAMESPACE,
    installationId: 'here',
    scopeFor: () => Promise.resolve(world.scope),
    openTrail: () => assert.fail('a plan blames nobody'),
    clock: aws.clock,
    ...around,
  }
  const options = { files: ['-'], prune, asksForPreview, format, where: { namespace } }
  const work = plan(options, { world: surroundings, kinds, terminal }, new AbortController().signal)
  const exitCode = await aws.drive(work)
  // Keeps what ECR foretells, and nothing else, in ECR.
  const writes = aws.writes().filter((call) => !call.startsWith('ecr:StartLifecyclePolicyPreview'))
  assert.deepEqual({ aws: writes, kubernetes: [...world.cluster.writes] }, before, 'a plan writes nothing')
  return { exitCode, ...said }
}

function withSpec(manifest: Manifest, spec: Document): Manifest {
  return { ...manifest, spec: { ...(manifest.spec as Document), ...spec } }
}

function withAnnotation(manifest: Manifest, name: string, value: string): Manifest {
  const annotations = { ...manifest.metadata.annotations, [`longshore.dev/${name}`]: value }
  return { ...manifest, metadata: { ...manifest.metadata, annotations } }
}

function withContainer(manifest: Manifest, changes: Document): Manifest {
  const { taskDefinition } = manifest.spec as { taskDefinition: { containerDefinitions: readonly Document[] } }
  const containerDefinitions = taskDefinition.containerDefinitions.map((container) => ({ ...container, ...changes }))
  return withSpec(manifest, { taskDefinition: { ...taskDefinition, containerDefinitions } })
}

async function settled(...manifests: readonly Manifest[]): Promise<void> {
  world.apply(...manifests)
  await world.settle()
}

describe('a plan of what is new', () => {
  test('shows every step in the order of references, although nothing that they refer to exists', async () => {
    const { exitCode, printed } = await planned({ manifests: [service, cluster] })

    const signed = printed.split('\n').filter((line) => /^ *[+~-] /.test(line))
    assert.deepEqual(
      signed.map((line) => line.replace(/ {2,}(?=\S)/g, '  ').trim()),
      [
        '+ EcsCluster demo/demo-cluster  (standard input, document 2)',
        '+ create ECS cluster demo_demo-cluster  ecs:CreateCluster',
        '+ EcsService demo/hello  (standard input, document 1)',
        '+ create log group /longshore/demo/hello  logs:CreateLogGroup',
        '~ keep the events of log group /longshore/demo/hello for 14 days  logs:PutRetentionPolicy',
        '+ register a revision of task definition hello  ecs:RegisterTaskDefinition',
        '+ create service hello in cluster demo_demo-cluster  ecs:CreateService',
      ],
    )
    assert.match(printed, /Plan: 2 to create, 0 to change, 0 to delete, 0 unchanged\.\n5 AWS writes: /)
    assert.equal(exitCode, 2)
  })

  test('names the calls that the operator then makes', async () => {
    const { printed } = await planned({ manifests: [cluster, service], format: 'json' })
    const { calls }: { calls: Record<string, number> } = JSON.parse(printed)
    await settled(cluster, service)

    const made = Map.groupBy(aws.writes(), (call) => call)
    assert.deepEqual(calls, Object.fromEntries([...made].map(([call, times]) => [call, times.length])))
  })

  test('works without a cluster', async () => {
    const { exitCode, printed } = await planned({ manifests: [cluster, service], around: { cluster: undefined } })

    assert.match(printed, /Plan: 2 to create/)
    assert.equal(exitCode, 2)
  })

  test('waits for a reference that leads nowhere', async () => {
    const { exitCode, printed } = await planned({ manifests: [service] })

    assert.match(printed, /waits: spec\.clusterRef: EcsCluster demo\/demo-cluster does not exist/)
    assert.equal(exitCode, 2)
  })
})

describe('a plan of what is there', () => {
  beforeEach(() => settled(cluster, service))

  test('is empty when the manifests are unchanged', async () => {
    const { exitCode, printed } = await planned({ manifests: [cluster, service] })

    assert.equal(printed, 'Plan: 0 to create, 0 to change, 0 to delete, 2 unchanged.\n')
    assert.equal(exitCode, 0)
  })

  test('is empty without a cluster too, when AWS has everything', async () => {
    const { exitCode } = await planned({ manifests: [cluster, service], around: { cluster: undefined } })

    assert.equal(exitCode, 0)
  })

  test('leaves the count to whoever scales, when the manifest does not say it', async () => {
    const { desiredCount: _, ...rest } = service.spec as Document
    world.apply(withSpec(service, { desiredCount: 3 }))
    await world.settle()

    const { exitCode } = await planned({ manifests: [cluster, { ...service, spec: rest }] })

    assert.equal(exitCode, 0)
  })

  test('shows an edit field by field, in the object and in AWS', async () => {
    const edited = withSpec(withContainer(service, { image: 'hello:v9' }), { desiredCount: 4 })
    const { exitCode, printed } = await planned({ manifests: [cluster, edited] })

    for (const line of [
      '    spec.taskDefinition.containerDefinitions[hello].image: nginxdemos/hello → hello:v9',
      /^ {4}spec\.desiredCount: \d → 4$/m,
      /^ {2}\+ register a revision of task definition hello {2,}ecs:RegisterTaskDefinition$/m,
      /^ {2}~ scale from \d to 4 tasks {2,}ecs:UpdateService$/m,
      /^ {6}desiredCount: \d → 4$/m,
      /^ {6}template\.taskDefinition: hello:1 → \(known after apply\)$/m,
    ]) {
      assert.ok(typeof line === 'string' ? printed.includes(line) : line.test(printed), `${line}\n${printed}`)
    }
    assert.equal(exitCode, 2)
  })

  test('shows what was changed in AWS behind our back', async () => {
    const ref = { cluster: 'demo_demo-cluster', service: 'hello' }
    await aws.drive(aws.session.ecsServices.updateService({ ...ref, desiredCount: 7 }, new AbortController().signal))

    const { exitCode, printed } = await planned({ manifests: [cluster, service] })

    assert.match(printed, /the manifest changes nothing: AWS differs from what it says\n {2}~ scale from 7 to/)
    assert.equal(exitCode, 2)
  })

  test('takes away, users first, what stands in no file, when asked', async () => {
    const kept = await planned({ manifests: [cluster] })
    const pruned = await planned({ manifests: [cluster], prune: true })

    assert.equal(kept.exitCode, 0)
    assert.match(pruned.printed, /- EcsService demo\/hello {2}\(in no file\)\n {2}- delete service hello/)
    assert.match(pruned.printed, /- deregister hello:1 +ecs:DeregisterTaskDefinition\n {2}~ release log group/)
    assert.equal(pruned.exitCode, 2)
  })

  for (const { fact, name, value, held } of [
    { fact: 'paused', name: 'paused', value: 'true', held: 'longshore.dev/paused is "true"' },
    { fact: 'only observed', name: 'mode', value: 'Observe', held: 'longshore.dev/mode is Observe' },
  ]) {
    test(`says that nothing happens to what is ${fact}`, async () => {
      const edited = withAnnotation(withSpec(service, { desiredCount: 5 }), name, value)
      const { printed } = await planned({ manifests: [cluster, edited] })

      assert.ok(printed.includes(`held: ${held}`), printed)
      assert.doesNotMatch(printed, /AWS writes?:/)
    })
  }

  test('counts nothing as ours when nobody knows our mark', async () => {
    const nobody = { cluster: undefined, installationId: undefined }
    const { exitCode, printed, complaints } = await planned({ manifests: [cluster], around: nobody })

    assert.match(printed, /error: ECS cluster demo_demo-cluster exists and belongs to/)
    assert.match(printed, /Note: no installation id is known/)
    assert.deepEqual([exitCode, complaints.length], [1, 1])
  })

  test('never shows a secret', async () => {
    const secrets = {
      environment: [{ name: 'GREETING', value: SECRET }],
      command: ['serve', '--password', SECRET, `--api-token=${SECRET}`],
      logConfiguration: {
        logDriver: 'splunk',
        options: { 'splunk-token': SECRET, 'splunk-url': `https://u:${SECRET}@s` },
      },
    }
    for (const format of ['text', 'json', 'yaml'] as const) {
      const { printed } = await planned({ manifests: [cluster, withContainer(service, secrets)], format })

      assert.match(printed, /environment\[GREETING\]/)
      assert.ok(!printed.includes(SECRET), printed)
    }
  })
})

describe('a mistake', () => {
  for (const { fact, manifest, namespace, sentence } of [
    {
      fact: 'in a field is told with file, document and field',
      manifest: withSpec(cluster, { clusterNam: 'x' }),
      sentence: /EcsCluster demo\/demo-cluster {2}\(standard input, document 1\)\n.*error: spec: .*clusterNam/,
    },
    {
      fact: 'in an annotation is told',
      manifest: withAnnotation(cluster, 'pasued', 'true'),
      sentence: /error: metadata\.annotations\["longshore\.dev\/pasued"\] is not known/,
    },
    {
      fact: 'in the kind is told',
      manifest: { ...cluster, kind: 'EcsClutser' },
      sentence: /^standard input, document 1: kind: there is no EcsClutser/,
    },
    {
      fact: 'in the version is told',
      manifest: { ...cluster, apiVersion: 'longshore.dev/v1' },
      sentence: /^standard input, document 1: apiVersion must be longshore\.dev\/v1alpha1/,
    },
    {
      fact: 'in the namespace is told',
      manifest: cluster,
      namespace: 'other',
      sentence: /document 1 \(EcsCluster demo-cluster\): metadata\.namespace is demo, but --namespace says/,
    },
    {
      fact: 'of naming nothing is told',
      manifest: { ...cluster, metadata: {} },
      sentence: /document 1 \(EcsCluster\): metadata\.name is missing/,
    },
  ]) {
    test(fact, async () => {
      const where = namespace === undefined ? {} : { namespace, around: { namespace } }
      const { exitCode, printed, complaints } = await planned({ manifests: [manifest], ...where })

      assert.match(printed + complaints.join('\n'), sentence)
      assert.equal(exitCode, 1)
    })
  }

  test('of saying an object twice is told', async () => {
    const { exitCode, complaints } = await planned({ manifests: [cluster, cluster] })

    assert.deepEqual(complaints, [
      'standard input, document 2 (EcsCluster demo/demo-cluster): the same object stands in standard input, document 1',
    ])
    assert.equal(exitCode, 1)
  })
})

test('objects of other APIs are left out and counted', async () => {
  const { exitCode, printed } = await planned({
    manifests: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }],
  })

  assert.match(printed, /Note: 1 document of other APIs left out/)
  assert.equal(exitCode, 0)
})

test('a person at a terminal gets the same plan in colour, and a file gets it plain', async () => {
  const manifests = [cluster, service]
  const [plain, coloured] = [await planned({ manifests }), await planned({ manifests, isInteractive: true })]

  assert.equal(stripVTControlCharacters(coloured.printed), plain.printed)
  assert.ok(!plain.printed.includes('\u001B'))
  assert.ok(coloured.printed.includes('\u001B[32m+ create ECS cluster'), coloured.printed)
  assert.ok(!(await planned({ manifests, isInteractive: true, format: 'json' })).printed.includes('\u001B'))
})

describe('a plan with a preview', () => {
  const [repository] = exampleOf(ecrRepositoryKind)
  assert.ok(repository)
  const rules = [
    {
      rulePriority: 1,
      selection: { tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 1 },
      action: { type: 'expire' },
    },
  ]
  const stricter = withSpec(repository, { lifecyclePolicy: { rules } })

  beforeEach(async () => {
    await settled(repository)
    const ecr = new ECRClient({
      region: aws.region,
      credentials: { accessKeyId: 'AKIAPUSHEREXAMPLE', secretAccessKey: 'x' },
      requestHandler: aws.requestHandler,
    })
    for (const imageTag of ['v1', 'v2', 'v3']) {
      await ecr.send(
        new PutImageCommand({ repositoryName: 'demo/hello', imageManifest: `{"n":"${imageTag}"}`, imageTag }),
      )
      await aws.advance(1)
    }
  })

  test('tells which images a lifecycle policy takes', async () => {
    const { printed } = await planned({ manifests: [stricter], asksForPreview: true })

    assert.match(
      printed,
      /put lifecycle policy.*\n {6}expires 2 images that are there now, within a day\n {8}v1, pushed \S+ \(rule 1\)\n {8}v2, /,
    )
  })

  test('asks ECR only when it is asked to', async () => {
    const { printed } = await planned({ manifests: [stricter] })

    assert.doesNotMatch(printed, /expires/)
    assert.ok(!aws.writes().includes('ecr:StartLifecyclePolicyPreview'))
  })

  test('tells the rest where ECR does not tell', async () => {
    aws.fault({
      accessKeyId: `AKIA${aws.accountId}TEST`,
      service: 'ecr',
      operation: 'StartLifecyclePolicyPreview',
      effect: { type: 'denied' },
    })

    const { printed, exitCode } = await planned({ manifests: [stricter], asksForPreview: true })

    assert.match(
      printed,
      /AWS does not tell what it would do: .*not authorized to perform: ecr:StartLifecyclePolicyPreview/,
    )
    assert.equal(exitCode, 2)
  })
})

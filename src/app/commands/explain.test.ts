import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { createConformanceAws } from '../../../test/conformance/aws.ts'
import { createWorld, exampleOf, type Manifest, type World } from '../../../test/conformance/world.ts'
import { silentTerminal } from '../../../test/support/silent-terminal.ts'
import { Failure } from '../../core/failure.ts'
import { ecsServiceKind } from '../../kinds/ecs-service/index.ts'
import { kinds } from '../kinds.ts'
import { explain } from './explain.ts'
import type { Explanation } from './explain/explanation.ts'

const [cluster, service] = exampleOf(ecsServiceKind)
assert.ok(cluster && service)
const NAMESPACE = service.metadata.namespace ?? ''

const aws = createConformanceAws()
let world: World

beforeEach(() => {
  aws.reset()
  world = createWorld({ aws, installationId: 'here' })
})

interface ExplainInput {
  readonly name?: string
  readonly format?: 'text' | 'json' | 'yaml'
  readonly isInteractive?: boolean
  readonly scopeFor?: () => Promise<World['scope']>
}

/** Explains the service as the command does, and holds it to writing nothing. */
async function explained({
  name = 'hello',
  format = 'text',
  isInteractive = false,
  scopeFor,
}: ExplainInput = {}): Promise<string> {
  const before = { aws: aws.writes(), kubernetes: [...world.cluster.writes] }
  let printed = ''
  const terminal = {
    ...silentTerminal,
    isInteractive,
    print: (text: string) => void (printed += text),
    complain: assert.fail,
  }
  const around = {
    cluster: world.cluster,
    namespace: NAMESPACE,
    installationId: 'here',
    scopeFor: scopeFor ?? (() => Promise.resolve(world.scope)),
    openTrail: () => assert.fail('nobody asked for blame'),
    clock: aws.clock,
  }
  const named = { kind: kinds.find(({ kind }) => kind === 'EcsService') ?? assert.fail(), name }
  await aws.drive(
    explain({ named, asksForBlame: false, format }, { world: around, kinds, terminal }, new AbortController().signal),
  )
  assert.deepEqual(
    { aws: aws.writes(), kubernetes: [...world.cluster.writes] },
    before,
    'an explanation writes nothing',
  )
  return printed
}

async function explanation(input: ExplainInput = {}): Promise<Explanation> {
  const parsed: Explanation = JSON.parse(await explained({ ...input, format: 'json' }))
  return parsed
}

async function settled(...manifests: readonly Manifest[]): Promise<void> {
  world.apply(...manifests)
  await world.settle()
}

function annotated(manifest: Manifest, name: string, value: string): Manifest {
  return { ...manifest, metadata: { ...manifest.metadata, annotations: { [`longshore.dev/${name}`]: value } } }
}

describe('an object that is ready', () => {
  beforeEach(() => settled(cluster, service))

  test('is told with its conditions, references and what AWS shows of what it owns', async () => {
    const printed = await explained()

    for (const told of [
      /^EcsService demo\/hello: It is ready\.$/m,
      /^ {2}Ready True {2}InSync {2}\(for \d+ (s|min|h)\)$/m,
      /^ {2}spec\.clusterRef: EcsCluster demo\/demo-cluster: ready$/m,
      /^ {2}log-group \/longshore\/demo\/hello: exists {2}\(created; kept when the object goes\)$/m,
      /^ {2}ecs-service demo_demo-cluster\/hello: exists {2}\(created; deleted when the object goes\)$/m,
      /^ {4}.*runningCount \d/m,
    ]) {
      assert.match(printed, told)
    }
    assert.doesNotMatch(printed, /What to do|Held back|Waits for/)
  })

  test('shows what is gone from AWS', async () => {
    await aws.drive(aws.session.logs.deleteLogGroup('/longshore/demo/hello', new AbortController().signal))

    const { owned } = await explanation()

    assert.equal(owned.find(({ type }) => type === 'log-group')?.state, 'AWS shows none')
  })

  test('is told without AWS when that does not answer', async () => {
    const refusal = new Failure('credentials', 'sts:GetCallerIdentity', { message: 'the token is expired' })
    const { summary, owned } = await explanation({ scopeFor: () => Promise.reject(refusal) })

    assert.equal(summary, 'It is ready')
    assert.deepEqual([...new Set(owned.map(({ state }) => state))], ['AWS does not say: the token is expired'])
  })

  test('comes with the steps that its owner holds back, and how to let them go', async () => {
    await settled(annotated({ ...service, spec: { ...Object(service.spec), desiredCount: 5 } }, 'mode', 'Observe'))

    const { held, next } = await explanation()

    assert.deepEqual(
      held.map(({ summary }) => summary.replace(/from \d/, 'from n')),
      ['scale from n to 5 tasks'],
    )
    assert.deepEqual(next, [
      'Let the operator do what it holds back: kubectl annotate ecsservice/hello longshore.dev/mode-',
    ])
  })
})

test('an object that nobody looked at yet is told as such', async () => {
  world.apply(service)

  const { summary, references, next } = await explanation()

  assert.equal(summary, 'The operator has not seen it yet')
  assert.deepEqual(references, [
    { field: 'spec.clusterRef', object: 'EcsCluster demo/demo-cluster', state: 'does not exist' },
  ])
  assert.match(next[0] ?? '', /whether the operator runs/)
})

test('what an object waits for is told, and since when', async () => {
  await settled(service)
  await aws.advance(120)

  const printed = await explained()

  assert.match(printed, /: It is not ready\./)
  assert.match(
    printed,
    /^ {2}Ready False {2}WaitingForReference.*\n {4}spec\.clusterRef: EcsCluster demo\/demo-cluster does not exist$/m,
  )
  assert.match(printed, /Waits for\n {2}\(as above\) {2}\(for \d+ \w+\)/)
  assert.match(printed, /What to do\n {2}Apply what it refers to/)
})

test('a rollout that was rolled back comes with the command that tries it once more', async () => {
  await settled(cluster, { ...service, spec: withImage('conformance:bad') })
  const [advice = ''] = (await explanation()).next
  const { rollout } = Object(world.object(service)?.status)

  const command = `kubectl annotate --overwrite ecsservice/hello longshore.dev/retry-rollout=${rollout.deploymentId}`
  assert.ok(advice.endsWith(command), advice)
})

function withImage(image: string): unknown {
  const { taskDefinition, ...spec } = Object(service?.spec)
  const [container] = taskDefinition.containerDefinitions
  return { ...spec, taskDefinition: { ...taskDefinition, containerDefinitions: [{ ...container, image }] } }
}

test('what an object owns is called unknown while its status is lost and cannot be made again', async () => {
  await settled(cluster, service)
  await world.dropStatus(service)
  await world.lose(cluster)
  await world.settle()

  assert.match(await explained(), /Owns in AWS\n {2}Not known: status was lost\./)
})

test('a person at a terminal gets the same words in colour, and a file gets them plain', async () => {
  await settled(cluster, service)

  const [plain, coloured] = [await explained(), await explained({ isInteractive: true })]

  assert.equal(stripVTControlCharacters(coloured), plain)
  assert.ok(!plain.includes('\u001B'))
  assert.ok(coloured.includes('\u001B[32mReady True\u001B[39m'), coloured)
  assert.ok(!(await explained({ isInteractive: true, format: 'json' })).includes('\u001B'))
})

test('an object that does not exist is an error that names it', async () => {
  await assert.rejects(explained({ name: 'nothing' }), {
    code: 'not-found',
    message: 'there is no EcsService demo/nothing',
  })
})

import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import { DeleteRetentionPolicyCommand, CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { ECRClient, PutImageTagMutabilityCommand } from '@aws-sdk/client-ecr'
import { ECSClient, UpdateClusterSettingsCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { createConformanceAws } from '../../../../test/conformance/aws.ts'
import { createWorld, exampleOf, type Manifest, type World } from '../../../../test/conformance/world.ts'
import { silentTerminal } from '../../../../test/support/silent-terminal.ts'
import { openTrail } from '../../../aws/cloudtrail.ts'
import { claimantFor } from '../../../aws/pace.ts'
import { ecrRepositoryKind } from '../../../kinds/ecr-repository/index.ts'
import { ecsClusterKind } from '../../../kinds/ecs-cluster/index.ts'
import { ecsServiceKind } from '../../../kinds/ecs-service/index.ts'
import type { AnyKind } from '../../../reconciler/kind.ts'
import { kinds } from '../../kinds.ts'
import { explain } from '../explain.ts'
import type { Blame } from './blame/blame.ts'

const [cluster, service] = exampleOf(ecsServiceKind)
const [repository] = exampleOf(ecrRepositoryKind)
assert.ok(cluster && service && repository)

const aws = createConformanceAws()
const LOOKER = `AKIA${aws.accountId}LOOKER`
const live = new AbortController().signal
let world: World
/** How often CloudTrail was opened. */
let asked = 0
/** What the last one said on standard error. */
let noted = ''

beforeEach(() => {
  aws.reset()
  asked = 0
  world = createWorld({ aws, installationId: 'here' })
})

interface BlameInput {
  readonly kind?: AnyKind
  readonly name?: string
  readonly format?: 'text' | 'json'
  readonly isInteractive?: boolean
  readonly scope?: Partial<World['scope']>
  readonly signal?: AbortSignal
  /** Called when CloudTrail is to be asked. */
  readonly onAsked?: () => void
}

/** Explains with blame as the command does, and holds it to writing nothing. */
async function explained({
  kind = ecsServiceKind,
  name = 'hello',
  format = 'json',
  isInteractive = false,
  scope,
  signal = live,
  onAsked = () => {},
}: BlameInput = {}): Promise<string> {
  const before = { aws: aws.writes(), kubernetes: [...world.cluster.writes] }
  let printed = ''
  noted = ''
  const terminal = {
    ...silentTerminal,
    isInteractive,
    isErrorInteractive: isInteractive,
    print: (text: string) => void (printed += text),
    note: (text: string) => void (noted += text),
    complain: assert.fail,
  }
  const { region, clock, requestHandler } = aws
  const credentials = { accessKeyId: LOOKER, secretAccessKey: 'x' }
  const around = {
    cluster: world.cluster,
    namespace: 'demo',
    installationId: 'here',
    scopeFor: () => Promise.resolve({ ...world.scope, ...scope }),
    openTrail: () => {
      asked += 1
      onAsked()
      return Promise.resolve(openTrail({ region, clock, requestHandler, credentials }))
    },
    clock,
  }
  const options = { named: { kind, name }, asksForBlame: true, format }
  await aws.drive(explain(options, { world: around, kinds, terminal }, signal))
  assert.deepEqual({ aws: aws.writes(), kubernetes: [...world.cluster.writes] }, before, 'blame writes nothing')
  return printed
}

async function blame(input: BlameInput = {}): Promise<Blame> {
  const parsed: { readonly blame: Blame } = JSON.parse(await explained(input))
  return parsed.blame
}

async function settled(...manifests: readonly Manifest[]): Promise<void> {
  world.apply(...manifests)
  await world.settle()
}

/** Time goes by without the operator: CloudTrail shows what was done by then. */
function untilShown(): Promise<void> {
  return aws.advance(301)
}

/** Clients of somebody in a role, as programs that are not the operator have them. */
async function asAlice() {
  const { region, requestHandler } = aws
  const config = { region, requestHandler, maxAttempts: 1 }
  const start = new STSClient({ ...config, credentials: { accessKeyId: 'AKIAALICEEXAMPLE', secretAccessKey: 'x' } })
  const role = { RoleArn: `arn:aws:iam::${aws.accountId}:role/Admin`, RoleSessionName: 'alice' }
  const { Credentials } = await start.send(new AssumeRoleCommand(role))
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  }
  const own = { ...config, credentials }
  return { ecs: new ECSClient(own), ecr: new ECRClient(own), logs: new CloudWatchLogsClient(own) }
}

const ALICE = `arn:aws:sts::${aws.accountId}:assumed-role/Admin/alice`
const demo = { cluster: 'demo_demo-cluster', service: 'hello' }

describe('a service that somebody scaled by hand', () => {
  beforeEach(async () => {
    await settled(cluster, service)
    const { ecs } = await asAlice()
    await ecs.send(new UpdateServiceCommand({ ...demo, desiredCount: 5 }))
  })

  test('is blamed on the one who did it: when, how, from where, and with the event to look up', async () => {
    const doneAt = `${new Date(aws.clock.now()).toISOString().slice(0, 19)}Z`
    await untilShown()

    const { differences, changes } = await blame()

    const [{ by, summary, changes: fields } = assert.fail('no difference')] = differences
    assert.match(summary, /^scale from 5 to 1 tasks?$/)
    assert.deepEqual(fields, [{ field: 'desiredCount', before: '5', after: '1' }])
    const { eventId, userAgent, tool, agoSeconds, ...rest } = by ?? assert.fail('nobody is blamed')
    assert.deepEqual(rest, {
      at: doneAt,
      call: 'ecs:UpdateService',
      type: 'ecs-service',
      id: `${demo.cluster}/${demo.service}`,
      principal: ALICE,
      sessionName: 'alice',
      from: '127.0.0.1',
      isOwn: false,
    })
    assert.match(eventId, /^[\da-f-]{36}$/)
    assert.match(userAgent, /^aws-sdk-js/)
    assert.match(tool, /^aws-sdk-js\/3/)
    assert.ok(agoSeconds >= 301)
    assert.deepEqual(changes, [by])
  })

  test('is blamed on nobody yet while CloudTrail does not show it, which is said', async () => {
    const { differences, notes } = await blame()

    assert.deepEqual(
      differences.map(({ by }) => by),
      [undefined],
    )
    assert.match(notes.join('\n'), /CloudTrail shows calls minutes late/)
    assert.doesNotMatch(notes.join('\n'), /90 days/)
  })

  test('is not blamed on an earlier change that the operator has undone since', async () => {
    await world.reconcileAll()
    const { ecs } = await asAlice()
    await untilShown()
    await ecs.send(new UpdateServiceCommand({ ...demo, desiredCount: 7 }))

    const { differences, changes, notes } = await blame()

    const [{ by } = assert.fail('no difference')] = differences
    assert.deepEqual([by?.isOwn, by?.tool, by?.call], [true, 'the operator itself', 'ecs:UpdateService'])
    assert.deepEqual(
      changes.map(({ principal }) => principal),
      [ALICE],
    )
    assert.match(notes.join('\n'), /minutes late/)
  })

  test('still tells who it was when the operator has repaired it, and leaves out what the operator did', async () => {
    await world.reconcileAll()
    await untilShown()

    const { differences, changes, own } = await blame()

    assert.deepEqual(differences, [])
    assert.deepEqual(
      changes.map(({ principal, call, isOwn }) => [principal, call, isOwn]),
      [[ALICE, 'ecs:UpdateService', false]],
    )
    assert.ok(own.count >= 5, `${own.count} calls of the operator`)
    assert.deepEqual(own.principals, [`arn:aws:iam::${aws.accountId}:user/AKIA${aws.accountId}OPERATOR`])
  })

  test('is told in words, in colour where a person watches', async () => {
    await untilShown()

    const [plain, coloured] = [
      await explained({ format: 'text' }),
      await explained({ format: 'text', isInteractive: true }),
    ]

    const event = '[\\da-f-]{36}'
    assert.match(
      plain,
      new RegExp(
        [
          '^Who changed it in AWS',
          '  ~ scale from 5 to 1 tasks?',
          '      desiredCount: 5 → 1',
          '      5 min ago: ecs:UpdateService on ecs-service demo_demo-cluster/hello  \\(20\\S+Z\\)',
          `        by ${ALICE}, with aws-sdk-js\\S+, from 127.0.0.1  \\(event ${event}\\)`,
          '  Left out: \\d+ calls of the operator itself, by arn:\\S+OPERATOR\\.$',
        ].join('\\n'),
        'm',
      ),
    )
    assert.ok(coloured.includes(`\u001B[1m${ALICE}\u001B[22m`), coloured)
    // The times differ: CloudTrail lets wait.
    assert.equal(stripVTControlCharacters(coloured).split('\n').length, plain.split('\n').length)
  })

  test('is told though the object is paused', async () => {
    const annotations = { 'longshore.dev/paused': 'true' }
    await settled({ ...service, metadata: { ...service.metadata, annotations } })
    await untilShown()

    assert.deepEqual(
      (await blame()).differences.map(({ by }) => by?.principal),
      [ALICE],
    )
  })
})

test('every part of a service has its own culprit, also one that took something away', async () => {
  await settled(cluster, service)
  const { logs } = await asAlice()
  await logs.send(new DeleteRetentionPolicyCommand({ logGroupName: '/longshore/demo/hello' }))
  await aws.drive(aws.session.ecsTaskDefinitions.deregister(await revisionArn(), live))
  await aws.drive(aws.session.ecsServices.tag(await serviceArn(), { team: 'somebody-else' }, live))
  await untilShown()

  const { differences } = await blame()

  const culprits = new Map(differences.map(({ type, by }) => [type, [by?.call, by?.principal]]))
  assert.equal(differences.length, 3, 'that the service is rolled out anew only follows')
  const tester = `arn:aws:iam::${aws.accountId}:user/AKIA${aws.accountId}TEST`
  assert.deepEqual(culprits.get('log-group'), ['logs:DeleteRetentionPolicy', ALICE])
  assert.deepEqual(culprits.get('ecs-task-definition'), ['ecs:DeregisterTaskDefinition', tester])
  assert.deepEqual(culprits.get('ecs-service'), ['ecs:TagResource', tester])
})

test('of two who called the same, each is blamed for the field that he changed', async () => {
  await settled(cluster, service)
  const { ecs } = await asAlice()
  const deploymentConfiguration = { minimumHealthyPercent: 0, maximumPercent: 150 }
  await ecs.send(new UpdateServiceCommand({ ...demo, deploymentConfiguration }))
  await aws.advance(60)
  await aws.drive(aws.session.ecsServices.updateService({ ...demo, desiredCount: 5 }, live))
  await untilShown()

  const { differences } = await blame()

  const culprits = differences.map(({ changes, by }) => [changes[0]?.field.split('.')[0], by?.sessionName])
  assert.deepEqual(Object.fromEntries(culprits), { desiredCount: undefined, settings: 'alice' })
})

async function revisionArn(): Promise<string> {
  const hashOf = () => ''
  const [newest] = await aws.drive(aws.session.ecsTaskDefinitions.listActive('hello', hashOf, live))
  return newest?.arn ?? assert.fail('no revision')
}

async function serviceArn(): Promise<string> {
  const found = await aws.drive(aws.session.ecsServices.readService(demo, live))
  return found?.arn ?? assert.fail('no service')
}

test('what is gone from AWS is blamed on who deleted it', async () => {
  await settled(cluster, service)
  await aws.drive(aws.session.logs.deleteLogGroup('/longshore/demo/hello', live))
  await untilShown()

  const { differences } = await blame()

  const deletion = differences.find(({ effect, type }) => effect === 'create' && type === 'log-group')
  assert.equal(deletion?.by?.call, 'logs:DeleteLogGroup')
})

test('a repository and a cluster are blamed on others as services are', async () => {
  await settled(cluster, repository)
  const { ecr, ecs } = await asAlice()
  await ecr.send(new PutImageTagMutabilityCommand({ repositoryName: 'demo/hello', imageTagMutability: 'MUTABLE' }))
  await ecs.send(
    new UpdateClusterSettingsCommand({
      cluster: 'demo_demo-cluster',
      settings: [{ name: 'containerInsights', value: 'disabled' }],
    }),
  )
  await untilShown()

  const blamed = [
    await blame({ kind: ecrRepositoryKind }),
    await blame({ kind: ecsClusterKind, name: cluster.metadata.name }),
  ]

  assert.deepEqual(
    blamed.flatMap(({ changes }) => changes.map(({ call, principal }) => [call, principal])),
    [
      ['ecr:PutImageTagMutability', ALICE],
      ['ecs:UpdateClusterSettings', ALICE],
    ],
  )
  assert.equal(blamed[0]?.differences[0]?.by?.principal, ALICE)
})

test('a person at a terminal hears what takes so long, and others do not', async () => {
  await settled(repository)

  await explained({ kind: ecrRepositoryKind, isInteractive: true })
  assert.equal(noted, 'asking CloudTrail, which answers two questions a second …\r\u001B[2K')

  await explained({ kind: ecrRepositoryKind })
  assert.equal(noted, '')
})

test('what goes because its object goes is no difference', async () => {
  const annotations = { 'longshore.dev/paused': 'true' }
  await settled(cluster, service)
  await settled({ ...service, metadata: { ...service.metadata, annotations } })
  await world.remove(service)

  assert.deepEqual((await blame()).differences, [])
})

test('who gives up waiting gets no half of an answer', async () => {
  await settled(cluster, service)

  const controller = new AbortController()
  const onAsked = (): void => controller.abort()

  await assert.rejects(explained({ signal: controller.signal, onAsked }), { code: 'aborted' })
})

test('where nobody else did anything, that is said', async () => {
  await settled(cluster, service)
  await untilShown()

  const printed = await explained({ format: 'text' })

  assert.match(printed, /^ {2}CloudTrail shows no change by anybody else\.$/m)
  assert.match(printed, /minutes late/)
})

test('who may not ask CloudTrail is told the permission, and everything else', async () => {
  await settled(cluster, service)
  await aws.drive(aws.session.ecsServices.updateService({ ...demo, desiredCount: 5 }, live))
  aws.fault({ accessKeyId: LOOKER, operation: 'LookupEvents', effect: { type: 'denied' } })

  const { differences, notes } = await blame()

  assert.equal(differences.length, 1)
  assert.match(notes.join('\n'), /allow cloudtrail:LookupEvents on "\*" to whoever explains/)
})

for (const { fact, scope, note } of [
  {
    fact: 'another account',
    scope: { accountId: '210987654321' },
    note: /are of account 210987654321, the object is in/,
  },
  {
    fact: 'another Region',
    scope: { region: 'us-east-1' },
    note: /is in eu-central-1, not in us-east-1: set AWS_REGION/,
  },
]) {
  test(`CloudTrail of ${fact} is not asked`, async () => {
    await settled(cluster, service)

    assert.match((await blame({ scope })).notes.join('\n'), note)
    assert.equal(asked, 0)
  })
}

test('what may be older than the memory of CloudTrail is said to be', async () => {
  await settled(cluster, service)
  await aws.drive(aws.session.ecsServices.updateService({ ...demo, desiredCount: 5 }, live))
  await aws.advance(91 * 86_400)

  const { differences, notes } = await blame()

  assert.equal(differences[0]?.by, undefined)
  assert.match(notes.join('\n'), /keeps its event history for 90 days/)
})

test('an edit that has not come true yet is not taken for the deed of somebody', async () => {
  await settled(cluster, service)
  world.apply({ ...service, spec: { ...Object(service.spec), desiredCount: 3 } })

  const { differences, notes } = await blame()

  assert.equal(differences.length, 1)
  assert.match(notes.join('\n'), /The newest edit of the spec has not come true yet/)
})

test('who only says that he is the operator shows by his principal', async () => {
  await settled(cluster, service)
  const owner = { installationId: 'here', kind: 'EcsService', namespace: 'demo', name: 'hello' }
  const forged = aws.session.actingFor(claimantFor(owner, 'change'))
  await aws.drive(forged.ecsServices.updateService({ ...demo, desiredCount: 5 }, live))
  await untilShown()

  const { own } = await blame()

  assert.deepEqual(
    own.principals.map((arn) => arn.replace(/^.*\d/, '')),
    ['TEST', 'OPERATOR'],
  )
})

test('a call that AWS refused is nobody’s fault', async () => {
  await settled(cluster, service)
  const { ecs } = await asAlice()
  await ecs.send(new UpdateServiceCommand({ ...demo, desiredCount: -1 })).catch(() => undefined)
  await untilShown()

  const { changes, notes } = await blame()

  assert.deepEqual(changes, [])
  assert.match(notes.join('\n'), /1 call that AWS refused is left out/)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ECSClient, ListServicesCommand, ListClustersCommand, UpdateServiceCommand } from '@aws-sdk/client-ecs'
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts'
import { createCli, LOOKER_KEY } from '../support/cli.ts'
import { conditionOf, errorsIn, exampleAt, startJourney } from '../support/journey.ts'
import { REGION } from '../support/simulator-process.ts'

// Somebody changes a service behind the operator's back, and somebody else asks who it was: the programs as they are run.
const { kubectl, simulator, operator, namespace, kubeconfigPath, read, eventually } = await startJourney(
  import.meta.url,
)
const { longshore } = createCli({ kubeconfigPath, simulatorUrl: simulator.url, namespace })
const example = exampleAt('first-service')

/** ECS in the hands of alice, who is at a shell in the role Admin. */
async function alicesEcs(): Promise<ECSClient> {
  const config = { region: REGION, endpoint: simulator.url }
  const start = new STSClient({ ...config, credentials: { accessKeyId: 'AKIAALICEEXAMPLE', secretAccessKey: 'x' } })
  const role = { RoleArn: 'arn:aws:iam::123456789012:role/Admin', RoleSessionName: 'alice' }
  const { Credentials: { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = {} } = await start.send(
    new AssumeRoleCommand(role),
  )
  return new ECSClient({
    ...config,
    credentials: { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken },
    defaultUserAgentProvider: () => Promise.resolve([['aws-cli', '2.31.0']]),
  })
}

async function scaleByHand(desiredCount: number): Promise<void> {
  const ecs = await alicesEcs()
  const { clusterArns: [cluster] = [] } = await ecs.send(new ListClustersCommand({}))
  const { serviceArns: [service] = [] } = await ecs.send(new ListServicesCommand({ cluster }))
  await ecs.send(new UpdateServiceCommand({ cluster, service, desiredCount }))
}

interface Blamed {
  readonly differences: readonly { readonly by?: Readonly<Record<string, unknown>> }[]
  readonly notes: readonly string[]
}

async function blame(): Promise<Blamed> {
  const { code, stdout, stderr } = await longshore('explain', '--blame', 'ecssvc', 'hello', '-o', 'json')
  assert.deepEqual([code, stderr], [0, ''])
  const { blame: told }: { readonly blame: Blamed } = JSON.parse(stdout)
  return told
}

test('explain --blame names who made the drift, once CloudTrail shows it', async () => {
  await kubectl('apply', '--filename', example)
  await kubectl('wait', '--for=condition=Ready', '--timeout=60s', 'ecsservice/hello')
  await kubectl('annotate', 'ecsservice/hello', 'longshore.dev/drift=Report')
  await scaleByHand(5)
  await kubectl('annotate', 'ecsservice/hello', 'longshore.dev/reconcile-at=now')
  await eventually('the drift', async () => conditionOf(await read('ecsservices', 'hello'), 'Drifted'))

  const by = await eventually('a culprit', async () => {
    const { differences, notes } = await blame()
    assert.equal(differences.length, 1)
    if (differences[0]?.by?.['isOwn'] !== false) assert.match(notes.join('\n'), /minutes late/)
    return differences[0]?.by?.['isOwn'] === false && differences[0].by
  })

  const { call, principal, sessionName, tool, from } = by
  assert.deepEqual(
    { call, principal, sessionName, tool, from },
    {
      call: 'ecs:UpdateService',
      principal: 'arn:aws:sts::123456789012:assumed-role/Admin/alice',
      sessionName: 'alice',
      tool: 'AWS CLI 2.31.0',
      from: '127.0.0.1',
    },
  )
})

test('whoever blames changes nothing', async () => {
  const calls = (await simulator.calls()).filter(({ accessKeyId }) => accessKeyId === LOOKER_KEY)
  const writes = (await simulator.writes()).filter(({ accessKeyId }) => accessKeyId === LOOKER_KEY)

  assert.ok(calls.some(({ operation }) => operation === 'LookupEvents'))
  assert.deepEqual(writes, [])
  assert.deepEqual(
    calls.filter(({ errorCode }) => errorCode !== undefined),
    [],
  )
})

test('the operator had nothing to complain about', async () => {
  await kubectl('delete', '--filename', example, '--timeout=60s')

  assert.deepEqual(errorsIn(await operator.log()), [])
})

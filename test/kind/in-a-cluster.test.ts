import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, describe, test } from 'node:test'
import { connectAdmin } from '../support/admin.ts'
import { exampleAt, leftovers } from '../support/journey.ts'
import { startTestKindCluster } from '../support/kind/cluster.ts'
import {
  cutOff,
  eventually,
  leadingPod,
  nextLeader,
  operatorPods,
  type OperatorPod,
  signalPod,
  workingSets,
  writers,
} from '../support/kind/operators.ts'
import { installCharts, NAMESPACE, uninstallCharts, upgradeChart } from '../support/kind/release.ts'
import { createStages } from './stages.ts'

// What a platform team does, in a real cluster: images, charts and manifests, with nothing but helm and kubectl. Each step
// goes on where the one before it left. A minute of AWS passes in three seconds.
const { timed, print } = createStages()
after(print)
const stage = await startTestKindCluster({ clock: '20', timed })
const { kubectl, helm, apply, simulator } = stage

const EXAMPLES = ['first-service', 'new-version', 'private-repository']
const TEAM = '--namespace=team'
const OPERATOR = ['--namespace', NAMESPACE] as const
const ready = ['wait', '--for=condition=Ready', '--timeout=180s', TEAM] as const

const FAILOVER_MILLISECONDS = 20_000
const HANDOVER_MILLISECONDS = 2000
/** Of shutdownSeconds and what comes after (the chart's terminationGracePeriodSeconds). */
const GRACE_SECONDS = 45
/** So many as a test has the patience to create; 10,000 are in docs/performance.md. */
const OBJECTS = 500
const LIMIT_MIB = 512

const field = (object: string, path: string, ...where: readonly string[]) =>
  kubectl('get', object, ...where, `--output=jsonpath={${path}}`)

/** The example's service in another version, as its README has it. */
async function release(version: string): Promise<void> {
  const manifest = await readFile(exampleAt('new-version/service.yaml'), 'utf8')
  await apply(manifest.replace('hello:v1', `hello:${version}`), TEAM)
}

/** A standby that does not hear from the API server any more; kubelet does. */
let cut: OperatorPod | undefined

/** One of those that do not lead, and hear. */
async function standby(): Promise<OperatorPod> {
  const leader = await leadingPod(stage)
  const others = (await operatorPods(stage)).filter(({ name }) => name !== leader.name && name !== cut?.name)
  return others[0] ?? assert.fail('there is no standby')
}

/** Whatever there is in the cluster that belongs to us, by type and name. */
async function ours(): Promise<readonly string[]> {
  const types = await kubectl('api-resources', '--verbs=list', '--output=name')
  const wanted = types
    .trim()
    .split('\n')
    .filter((type) => !type.startsWith('events'))
  const names = await kubectl('get', wanted.join(','), '--all-namespaces', '--output=name', '--ignore-not-found')
  // The node is named after the cluster.
  return names.split('\n').filter((name) => name.includes('longshore') && !name.endsWith('-control-plane'))
}

describe('in a cluster', () => {
  let giveBack: () => Promise<void>

  test('the charts are installed where only restricted pods are let in', async () => {
    await timed('charts installed', () => installCharts(stage, { replicas: 3 }))

    const pods = await operatorPods(stage)
    assert.deepEqual(
      pods.map(({ isReady, restarts }) => [isReady, restarts]),
      [
        [true, 0],
        [true, 0],
        [true, 0],
      ],
    )
    await assert.rejects(kubectl('run', 'any', '--image=any', ...OPERATOR), /violates PodSecurity "restricted:latest"/)
  })

  test('helm test finds it ready', async () => {
    await timed('helm test', () => helm('test', 'longshore', ...OPERATOR, '--timeout=60s'))
  })

  test('a standby is cut off from the API server', async () => {
    cut = await standby()

    giveBack = await cutOff(stage, cut)
  })

  test('the examples are applied with kubectl, and become Ready', async () => {
    await kubectl('create', 'namespace', 'team')
    await timed('examples Ready', async () => {
      for (const name of EXAMPLES) await kubectl('apply', TEAM, '--filename', exampleAt(name))
      await kubectl(...ready, '--all', 'ecsservices,ecsclusters,ecrrepositories')
    })

    const { ecs, ecr } = await simulator.live()
    assert.deepEqual([ecs?.['services'], ecs?.['clusters'], ecr?.['repositories']], [2, 2, 2])
  })

  test('kubectl scale is followed', async () => {
    await timed('scaled', async () => {
      await kubectl('scale', 'ecsservice/hello', TEAM, '--replicas=3')
      await kubectl(...ready, 'ecsservice/hello')
    })

    assert.equal(await field('ecsservice/hello', '.status.runningCount', TEAM), '3')
  })

  test('a leader that is killed in a rollout is replaced within 20 s, and never writes again', async (context) => {
    const leader = await leadingPod(stage)
    await release('v2')
    await kubectl(
      'wait',
      TEAM,
      '--for=jsonpath={.status.conditions[?(@.type=="Ready")].reason}=RollingOut',
      '--timeout=60s',
      'ecsservice/web',
    )

    const killedAt = await signalPod(stage, leader, 'KILL')
    await kubectl('scale', 'ecsservice/hello', TEAM, '--replicas=1')
    const next = await timed('leader replaced', () => nextLeader(stage, leader.holder))
    await timed('rollout finished', () => kubectl(...ready, '--all', 'ecsservices'))

    context.diagnostic(`killed, replaced after ${next.sinceMs - killedAt} ms`)
    assert.ok(next.sinceMs - killedAt <= FAILOVER_MILLISECONDS, `${next.sinceMs - killedAt} ms without a leader`)
    assert.equal(await field('ecsservice/web', '.status.revision', TEAM).then((name) => name.split(':').at(-1)), '2')
    assert.equal(await field('ecsservice/hello', '.status.runningCount', TEAM), '1')
    await assertOneWriterAfterTheOther()
  })

  /** Nobody writes to AWS again once somebody else has. */
  async function assertOneWriterAfterTheOther(): Promise<void> {
    const pods = (await writers(stage)).map(({ pod }) => pod)
    const turns = pods.filter((pod, index) => pod !== pods[index - 1])
    assert.ok(turns.length > 1, 'there was more than one')
    assert.ok(
      turns.every((pod) => pod !== ''),
      'each said who it is',
    )
    assert.equal(new Set(turns).size, turns.length, turns.join(', '))
  }

  test('a leader that is told to stop hands over within 2 s, and ends well', async (context) => {
    const leader = await leadingPod(stage)

    const toldAt = await signalPod(stage, leader, 'TERM')
    const next = await timed('leader told to stop', () => nextLeader(stage, leader.holder))
    const path = '{.status.containerStatuses[0].lastState.terminated.exitCode}'
    await kubectl('wait', `pod/${leader.name}`, ...OPERATOR, `--for=jsonpath=${path}=0`, '--timeout=60s')

    context.diagnostic(`told to stop, replaced after ${next.sinceMs - toldAt} ms`)
    assert.ok(next.sinceMs - toldAt <= HANDOVER_MILLISECONDS, `${next.sinceMs - toldAt} ms without a leader`)
  })

  for (const [who, find] of [
    ['the leader', () => leadingPod(stage)],
    ['a standby', standby],
  ] as const) {
    test(`${who}, deleted, ends long before its grace period`, async (context) => {
      const { name } = await find()

      const startedAt = performance.now()
      await timed(`${who} deleted`, () => kubectl('delete', 'pod', name, ...OPERATOR))
      const seconds = (performance.now() - startedAt) / 1000

      context.diagnostic(`deleted after ${seconds.toFixed(1)} s`)
      assert.ok(seconds < GRACE_SECONDS / 2, `${seconds} s`)
    })
  }

  test('many objects fit into the limit on memory', async (context) => {
    await kubectl('create', 'namespace', 'many')
    const admin = await connectAdmin(stage.kubeconfigPath, 'many')
    const indexes = Array.from({ length: OBJECTS }, (_, index) => index)
    await timed(`${OBJECTS} objects created`, () =>
      Promise.all(indexes.map((index) => admin.create(`repository-${index}`))),
    )
    // `kubectl wait --all` asks for one after the other, five times a second.
    await timed(`${OBJECTS} objects Ready`, () => eventually('all objects', allReady))

    const leader = await leadingPod(stage)
    const mib = (await workingSets(stage)).get(leader.name) ?? NaN
    context.diagnostic(`working set of the leader: ${mib.toFixed(0)} MiB`)
    assert.ok(mib > 20 && mib < LIMIT_MIB / 2, `${mib} MiB`)
    await timed('objects deleted', () => kubectl('delete', 'namespace', 'many', '--timeout=180s'))
  })

  async function allReady(): Promise<true | undefined> {
    const path = '.items[*].status.conditions[?(@.type=="Ready")].status'
    const statuses = await field('ecrrepositories', path, '--namespace=many')
    return statuses.split(' ').filter((status) => status === 'True').length === OBJECTS ? true : undefined
  }

  test('the standby that hears nothing is not ready, and is ready again when it does', async () => {
    const isReady = (value: string) => [
      'wait',
      `pod/${cut?.name}`,
      ...OPERATOR,
      `--for=condition=Ready=${value}`,
      '--timeout=300s',
    ]

    await timed('standby not ready', () => kubectl(...isReady('false')))
    await giveBack()
    await timed('standby ready again', () => kubectl(...isReady('true')))
  })

  test('the chart is upgraded with objects alive, and AWS does not notice', async () => {
    const uid = await field('ecsservice/hello', '.metadata.uid', TEAM)
    const writes = await simulator.writes()

    await timed('chart upgraded', () => upgradeChart(stage, { replicas: 2, workers: 32 }))
    await timed('upgraded leader', async () => {
      await leadingPod(stage)
      await kubectl('annotate', 'ecsservice/hello', TEAM, 'longshore.dev/reconcile-at=now')
      await kubectl(...ready, 'ecsservice/hello')
    })

    assert.equal((await operatorPods(stage)).length, 2)
    assert.equal(await field('ecsservice/hello', '.metadata.uid', TEAM), uid)
    assert.deepEqual(await simulator.writes(), writes)
    await helm('test', 'longshore', ...OPERATOR, '--timeout=60s')
  })

  test('nothing was killed for its memory', async () => {
    for (const { name, lastEnd } of await operatorPods(stage)) assert.notEqual(lastEnd, 'OOMKilled', name)
  })

  test('what is deleted is gone from AWS and from the cluster', async () => {
    await timed('examples deleted', async () => {
      const files = EXAMPLES.flatMap((name) => ['--filename', exampleAt(name)])
      await kubectl('delete', TEAM, '--timeout=180s', ...files)
      await kubectl('delete', 'namespace', 'team')
    })
    assert.deepEqual(await leftovers(simulator), {})

    await timed('uninstalled', async () => {
      await uninstallCharts(stage)
      await kubectl('delete', 'namespace', NAMESPACE)
    })
    assert.deepEqual(await ours(), [])
  })
})

import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { after, before, describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { ImageName, type StartedTestContainer, Wait, getContainerRuntimeClient } from 'testcontainers'
import { parseAllDocuments } from 'yaml'
import { ROOT } from '../../tools/checks/stage.ts'
import { connectAdmin } from '../support/admin.ts'
import { joinCluster } from '../support/control-plane.ts'
import { imagesUnderTest } from '../support/images.ts'
import { createPod, operatorContainer } from '../support/pod.ts'
import { RestrictedContainer } from '../support/restricted-container.ts'
import { createSimulatorProcess } from '../support/simulator-process.ts'

const MEBIBYTE = 2 ** 20
/** What we promise (docs/performance.md); it was 98 when that was written. */
const MOST_RESIDENT_MIB = 110
const STOP_MILLISECONDS = 30_000

const images = await imagesUnderTest()
const cluster = await joinCluster(import.meta.url)
const { namespace, kubectl } = cluster
const { container: containers, image: registry } = await getContainerRuntimeClient()
const simulator = await new RestrictedContainer(images.simulator, { memoryMib: 256 })
  .withExposedPorts(4566)
  .withWaitStrategy(Wait.forHttp('/_simulator/clock', 4566))
  .start()
after(() => simulator.stop())

const pod = await createPod(cluster)
const admin = await connectAdmin(cluster.kubeconfigPath, namespace)
const simulatorUrl = `http://${simulator.getHost()}:${simulator.getMappedPort(4566)}`
const input = { image: images.operator, pod, namespace, simulatorUrl }

/** Runs the container's Node on a script that prints JSON, and answers what it printed. */
async function evaluated<T>(container: StartedTestContainer, script: string): Promise<T> {
  const { output, exitCode } = await container.exec(['node', '--eval', script])
  assert.equal(exitCode, 0, output)
  const value: T = JSON.parse(output)
  return value
}

/** Lines of `/proc/1/status` by name. */
function statusOf(container: StartedTestContainer): Promise<Readonly<Record<string, string>>> {
  return evaluated(
    container,
    `const lines = require('fs').readFileSync('/proc/1/status', 'utf8').trim().split('\\n')
     console.log(JSON.stringify(Object.fromEntries(lines.map((line) => line.split(/:\\s+/)))))`,
  )
}

describe('the operator in its image', () => {
  const described = operatorContainer({ ...input, memoryMib: 256 })
  let container: StartedTestContainer

  before(async () => {
    container = await described.withWaitStrategy(Wait.forLogMessage('"leading"')).start()
  })
  after(() => container.stop())

  /** The container shares the network of this machine. */
  function ask(path: string): Promise<Response> {
    const [, port] = /"httpPort":(\d+)/.exec(described.printed) ?? assert.fail('it names no port')
    return fetch(`http://127.0.0.1:${port}${path}`)
  }

  test('answers its probes', async () => {
    for (const path of ['/healthz', '/readyz']) assert.equal((await ask(path)).status, 200)
  })

  test('runs without any right, on a root that nobody can write', async () => {
    const status = await statusOf(container)
    const { State, HostConfig } = await containers.getById(container.getId()).inspect()

    assert.equal(State.Running, true)
    assert.equal(HostConfig.ReadonlyRootfs, true)
    assert.deepEqual(
      [status['Uid'], status['Gid'], status['CapEff'], status['CapBnd'], status['NoNewPrivs']],
      ['65532\t65532\t65532\t65532', '65532\t65532\t65532\t65532', '0000000000000000', '0000000000000000', '1'],
    )
  })

  test('needs little memory at rest', async (context) => {
    const { VmRSS = '' } = await statusOf(container)

    const residentMib = (Number.parseInt(VmRSS, 10) * 1024) / MEBIBYTE
    context.diagnostic(`${residentMib.toFixed(0)} MiB resident`)
    assert.ok(residentMib > 40 && residentMib < MOST_RESIDENT_MIB, `${residentMib} MiB`)
  })

  test('makes AWS match an object, and counts its calls by the names that AWS gives them', async () => {
    await admin.create('app')
    await kubectl('wait', '--for=condition=Ready', 'ecrrepository/app', '--namespace', namespace, '--timeout=60s')

    const metrics = await (await ask('/metrics')).text()

    // Bundling must not rename the SDK's commands: operations are named after them, and so are the rates they keep to.
    const counted = metrics.matchAll(/^longshore_aws_calls_total\{service="ecr",operation="(\w+)"/gm)
    const made = (await createSimulatorProcess(simulatorUrl).calls()).filter(({ service }) => service === 'ecr')
    assert.deepEqual(
      new Set([...counted].map(([, operation]) => operation)),
      new Set(made.map(({ operation }) => operation)),
    )
    assert.ok(made.some(({ operation }) => operation === 'ListTagsForResource'))
  })

  test('holds nothing but itself', async () => {
    const files = await evaluated<string[]>(
      container,
      `console.log(JSON.stringify(require('fs').readdirSync('/longshore', { recursive: true })))`,
    )

    const crds = readdirSync(`${ROOT}/crds`).map((name) => `crds/${name}`)
    const bundle = ['longshore.js', 'longshore.js.map', 'longshore.licences.txt'].map((name) => `dist/${name}`)
    assert.deepEqual(files.toSorted(), ['crds', 'dist', ...crds, ...bundle].toSorted())
  })

  test('stops when it is told to, gives its lease away, and ends well', async (context) => {
    const startedAt = performance.now()
    await container.stop({ timeout: STOP_MILLISECONDS, remove: false })
    context.diagnostic(`stopped after ${(performance.now() - startedAt).toFixed(0)} ms`)

    const stopped = containers.getById(container.getId())
    const { State } = await stopped.inspect()
    await stopped.remove()
    // SIGKILL at the end of the grace period would be 137.
    assert.equal(State.ExitCode, 0, described.printed)
    const holder = await kubectl('get', 'lease', 'longshore', '-n', namespace, '-o', 'jsonpath={.spec.holderIdentity}')
    assert.equal(holder, '')
  })
})

describe('the limit on memory', () => {
  // Fills the heap when the operator has begun anew with a limit of its own. (The whole name of the flag would be taken for
  // the flag itself: this is an argument, too.)
  const filler = `
    if (process.execArgv.some((flag) => flag.startsWith('--max-old')))
      setTimeout(() => {
        const kept = []
        setInterval(() => { for (let i = 0; i < 20000; i++) kept.push({ number: Math.random(), text: 'x' + Math.random() }) }, 5)
      }, 1000)`

  for (const memoryMib of [128, 256]) {
    test(`of ${memoryMib} MiB is one that V8 keeps: the kernel never has to`, async (context) => {
      const container = await operatorContainer({ ...input, memoryMib })
        .withEntrypoint(['node', '--import', `data:text/javascript,${encodeURIComponent(filler)}`])
        .withCommand(['/longshore/dist/longshore.js', 'operator', '--leader-elect=false'])
        .withWaitStrategy(Wait.forLogMessage('JavaScript heap out of memory'))
        .start()
      context.after(() => container.stop())

      // It takes a moment to die.
      const inspect = () => containers.getById(container.getId()).inspect()
      while ((await inspect()).State.Running) await setTimeout(20)
      assert.equal((await inspect()).State.OOMKilled, false)
    })
  }
})

/** Of the image's inspection; the client's type lacks the signal. */
interface ImageConfig {
  readonly User: string
  readonly Entrypoint?: string | string[] | undefined
  readonly Cmd: string[]
  readonly Healthcheck?: unknown
  readonly StopSignal?: string
  readonly Labels: Readonly<Record<string, string>>
}

describe('the image of the operator', () => {
  test('prints its CRDs', async (context) => {
    const described = new RestrictedContainer(images.operator, { memoryMib: 128 }).withCommand(['crds'])
    const container = await described.withWaitStrategy(Wait.forOneShotStartup()).start()
    context.after(() => container.stop())

    assert.equal(parseAllDocuments(described.printed).length, readdirSync(`${ROOT}/crds`).length)
  })

  test('says what it is, and asks for no rights and no shell', async () => {
    const { Config } = await registry.inspect(ImageName.fromString(images.operator))
    const { User, Entrypoint, Cmd, Healthcheck, StopSignal, Labels }: ImageConfig = Config

    assert.match(User, /^\d+:\d+$/)
    assert.deepEqual(Entrypoint, ['node', '--enable-source-maps', '/longshore/dist/longshore.js'])
    assert.deepEqual([Cmd, Healthcheck, StopSignal], [['operator'], undefined, 'SIGTERM'])
    for (const label of ['title', 'description', 'version', 'licenses'])
      assert.match(Labels[`org.opencontainers.image.${label}`] ?? '', /\S/)
  })
})

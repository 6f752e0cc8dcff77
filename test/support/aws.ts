import type { HttpHandler } from '@smithy/core/protocols'
import { createSession, type AwsSession } from '../../src/aws/session.ts'
import { DEFAULT_ACCOUNT_ID } from '../../src/simulator/account.ts'
import { SERVICES } from '../../src/simulator/services/index.ts'
import { createSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/simulator.ts'
import { connectionLost, unlessAborted } from './direct-couriers.ts'
import { createHandClock, settle, type HandClock } from './hand-clock.ts'
import { createMetricsRecorder } from './recorders.ts'

/** Simulated AWS in this process, without sockets, on a clock that is wound by hand. */
export interface TestAws {
  readonly simulator: Simulator
  /** Drives both sides: give it to the operator as well. */
  readonly clock: HandClock
  readonly accountId: string
  readonly region: string
  /** Ports to the account and region above. */
  readonly session: AwsSession
  /** Ports under other credentials or in another region. */
  readonly sessionFor: (identity: { readonly accessKeyId?: string; readonly region?: string }) => AwsSession
  /** What any SDK client takes as `requestHandler`. */
  readonly requestHandler: RequestHandler
  /** Configuration for SDK clients of one's own; they do not retry. */
  readonly clientConfig: {
    readonly region: string
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string }
    readonly requestHandler: RequestHandler
    readonly maxAttempts: number
  }
  readonly advance: (seconds: number) => Promise<void>
  /** Waits for work that may wait for time: winds the clock to the next timer whenever nothing else can go on. */
  readonly drive: <T>(work: Promise<T>) => Promise<T>
}

type RequestHandler = HttpHandler<object>

export type TestAwsOptions = Partial<Omit<SimulatorOptions, 'clock'>> & { readonly clock?: HandClock }

export const TEST_REGION = 'eu-central-1'
/** Carries the default account. */
const TEST_KEY = `AKIA${DEFAULT_ACCOUNT_ID}TEST`

export function createTestAws(options: TestAwsOptions = {}): TestAws {
  const clock = options.clock ?? createHandClock()
  const virtual = { now: () => clock.now(), after: (seconds: number, run: () => void) => clock.schedule(seconds, run) }
  const simulator = createSimulator({ services: SERVICES, ...options, clock: virtual })
  const requestHandler = createRequestHandler(simulator)
  const sessionFor: TestAws['sessionFor'] = ({ accessKeyId = TEST_KEY, region = TEST_REGION }) =>
    createSession({
      region,
      clock,
      metrics: createMetricsRecorder(),
      credentials: { accessKeyId, secretAccessKey: 'simulated' },
      requestHandler,
    })
  return {
    simulator,
    clock,
    accountId: DEFAULT_ACCOUNT_ID,
    region: TEST_REGION,
    session: sessionFor({}),
    sessionFor,
    requestHandler,
    clientConfig: {
      region: TEST_REGION,
      credentials: { accessKeyId: TEST_KEY, secretAccessKey: 'simulated' },
      requestHandler,
      maxAttempts: 1,
    },
    advance: (seconds) => clock.advance(seconds),
    drive: (work) => drive(work, clock),
  }
}

/**
 * The SDK reads its settings from disk at the first call of each client; done before any test, so that `drive` never has
 * to wait for a disk while it winds the clock past deadlines.
 */
async function warmUp(): Promise<void> {
  const { session } = createTestAws()
  const signal = AbortSignal.timeout(60_000)
  await session.sts.callerIdentity(signal)
  await session.ecr.allRepositories(signal)
  await session.ecsClusters.allClusters(signal)
  await session.logs.listLogGroups('/', signal)
}

/** Hands the SDK's requests to a simulator. A lost answer is the error that Node's own handler would give. */
export function createRequestHandler(simulator: Pick<Simulator, 'handle'>): RequestHandler {
  return {
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    async handle({ method, path, query, headers, body }, options) {
      const lowered = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])
      const request = { method, path, query, headers: Object.fromEntries(lowered), body: bytesOf(body) }
      const reply = await unlessAborted(simulator.handle(request), options)
      if (reply === 'lost') throw connectionLost()
      return { response: { statusCode: reply.status, headers: { ...reply.headers }, body: bytesOf(reply.body) } }
    },
  }
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body
  if (body === undefined || body === null || typeof body === 'string') return Buffer.from(body ?? '')
  throw new Error('the simulator takes whole bodies, not streams')
}

/** More event-loop turns than any chain of promises inside the SDK needs between two calls. */
const QUIET_TURNS = 10
/** Work that waits longer than this, in virtual time, hangs. */
const PATIENCE_SECONDS = 24 * 3600

async function drive<T>(work: Promise<T>, clock: HandClock): Promise<T> {
  let isDone = false
  const finished = work.finally(() => (isDone = true))
  // The caller gets the rejection; this only keeps it from counting as unhandled meanwhile.
  finished.catch(() => undefined)
  const end = clock.now() + PATIENCE_SECONDS * 1000
  while (!(await isQuiet(() => isDone))) {
    const seconds = clock.nextSeconds()
    if (seconds === undefined || clock.now() > end)
      throw new Error('the work waits for something that time does not bring')
    await clock.advance(seconds)
  }
  return finished
}

/** Lets everything that needs no time go on; true as soon as the work is done. */
async function isQuiet(isDone: () => boolean): Promise<boolean> {
  for (let turn = 0; turn < QUIET_TURNS; turn++) {
    await settle()
    if (isDone()) return true
  }
  return false
}

await warmUp()

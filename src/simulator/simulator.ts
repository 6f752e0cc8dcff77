import { gunzipSync } from 'node:zlib'
import type { AccountsByKey } from './account.ts'
import { CallLog } from './call-log.ts'
import type { VirtualClock } from './clock.ts'
import type { Overlay } from './constraint.ts'
import { FaultPlan } from './faults.ts'
import { History } from './history.ts'
import { OVERLAYS } from './overlay.ts'
import { performCall, type Outcome, type World } from './perform.ts'
import type { Permissions } from './permissions.ts'
import { readDirectly } from './protocol/direct.ts'
import { writeFault } from './protocol/fault.ts'
import type { HttpAnswer, HttpRequest } from './protocol/http.ts'
import {
  endpointFor,
  endpointHint,
  routeDirectly,
  routeRequest,
  type DirectRoute,
  type Route,
  type RouteOptions,
} from './route.ts'
import { AwsFault, type AnyService, type Scenario } from './service.ts'
import { createSessionClock } from './session-clock.ts'
import { StateStore, toPlain } from './state.ts'
import { Throttle } from './throttle.ts'
import { createUuidSource } from './uuid.ts'

export interface SimulatorOptions {
  readonly clock: VirtualClock
  readonly services: readonly AnyService[]
  readonly scenario?: Partial<Scenario>
  /** Accounts by access key id; other keys belong to 123456789012, or to the account that they carry. */
  readonly accounts?: AccountsByKey
  readonly permissions?: Permissions
  /** Default: on, at the rates that AWS publishes. */
  readonly throttling?: 'on' | 'off'
  /** How old reads are, in virtual seconds: AWS's eventual consistency. Default 0. */
  readonly readDelaySeconds?: number
  /** Wall-clock time to check the age of signatures against; absent: they may be of any age. */
  readonly wallClockMs?: () => number
  /** Constraints by signing name; default: those generated from AWS's models. */
  readonly overlays?: Readonly<Record<string, Overlay>>
}

/** An answer, or `lost`: the connection ends without one. */
export type Reply = HttpAnswer | 'lost'

/** A call from a program in the same process, past wire and signature. */
export interface DirectCall extends DirectRoute {
  /** As the SDK's types have it. */
  readonly input: object
}

/** AWS in one process: simulated, never validated against a live account. */
export interface Simulator {
  readonly handle: (request: HttpRequest) => Promise<Reply>
  /** The same without the wire: for those who make thousands of calls, and not to see how they travel. */
  readonly invoke: (call: DirectCall) => Promise<Outcome>
  readonly clock: VirtualClock
  readonly log: CallLog
  readonly faults: FaultPlan
  readonly scenario: () => Scenario
  readonly setScenario: (scenario: Partial<Scenario>) => void
  readonly setPermissions: (permissions: Permissions) => void
  readonly setReadDelay: (seconds: number) => void
  /** All states as plain data: by service, then `account/region`. */
  readonly dump: () => unknown
  /** Counts of live things by service and noun; zero everywhere means that the accounts are empty. */
  readonly countLive: () => Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Forgets states, calls, faults, buckets and everything scheduled. The clock keeps its time. */
  readonly reset: () => void
}

const UUID_SEED = 1

export function createSimulator(options: SimulatorOptions): Simulator {
  const states = new StateStore()
  const history = new History(() => states.all())
  const clock = createSessionClock(options.clock, () => history.beforeChange(options.clock.now()))
  const world: World = {
    clock,
    states,
    history,
    log: new CallLog(),
    faults: new FaultPlan(() => recordIfNeeded(world)),
    throttle: options.throttling === 'off' ? undefined : new Throttle(),
    overlays: options.overlays ?? OVERLAYS,
    uuid: createUuidSource(UUID_SEED),
    scenario: { images: {}, ...options.scenario },
    permissions: options.permissions ?? {},
    readDelaySeconds: options.readDelaySeconds ?? 0,
  }
  const routes: RouteOptions = {
    endpoints: new Map(options.services.map((service) => [service.id, endpointFor(service)])),
    accounts: options.accounts ?? {},
    wallClockMs: options.wallClockMs,
  }
  recordIfNeeded(world)
  return {
    handle: (request) => handle(request, world, routes),
    invoke: (call) => invoke(call, world, routes),
    clock,
    log: world.log,
    faults: world.faults,
    scenario: () => world.scenario,
    setScenario: (scenario) => void (world.scenario = { ...world.scenario, ...scenario }),
    setPermissions: (permissions) => void (world.permissions = permissions),
    setReadDelay: (seconds) => {
      world.readDelaySeconds = seconds
      recordIfNeeded(world)
    },
    dump: () => dump(states),
    countLive: () => countLive(states),
    reset: () => reset(world, clock.dropAll),
  }
}

/** The past is kept only while something may ask for it. */
function recordIfNeeded({ history, faults, readDelaySeconds, clock }: World): void {
  const isNeeded = readDelaySeconds > 0 || faults.list().some(({ effect }) => effect.type === 'stale-read')
  if (isNeeded) history.start(clock.now())
  else history.stop()
}

async function handle(raw: HttpRequest, world: World, routes: RouteOptions): Promise<Reply> {
  const requestId = world.uuid()
  try {
    const request = inflate(raw)
    const route = routeRequest(request, routes)
    const readInput = () => route.endpoint.codec.parse(request, route.operation)
    return replyFor(await performCall({ requestId, route, readInput }, world), route, requestId)
  } catch (error) {
    if (!(error instanceof AwsFault)) throw error
    const endpoint = endpointHint(raw, routes)
    const wire = endpoint?.wire ?? { protocol: 'json-1.1', invalidInputCode: 'ValidationException' }
    return writeFault(error, endpoint?.model, { wire, requestId })
  }
}

function replyFor(outcome: Outcome, { endpoint, operation }: Route, requestId: string): Reply {
  const context = { wire: endpoint.wire, requestId }
  switch (outcome.type) {
    case 'answered':
      return withRequestId(endpoint.codec.write(outcome.value, operation, context), requestId)
    case 'refused':
      return withRequestId(writeFault(outcome.fault, endpoint.model, context), requestId)
    case 'lost':
      return 'lost'
  }
}

function withRequestId(answer: HttpAnswer, requestId: string): HttpAnswer {
  return { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': requestId } }
}

async function invoke({ input, ...call }: DirectCall, world: World, routes: RouteOptions): Promise<Outcome> {
  const route = routeDirectly(call, routes)
  const readInput = () => readDirectly(input, route.operation.input)
  const outcome = await performCall({ requestId: world.uuid(), route, readInput }, world)
  if (outcome.type !== 'answered') return outcome
  return { type: 'answered', value: readDirectly(outcome.value, route.operation.output).value }
}

function inflate(request: HttpRequest): HttpRequest {
  if (request.headers['content-encoding'] !== 'gzip') return request
  return { ...request, body: gunzipSync(request.body) }
}

function dump(states: StateStore): unknown {
  const byService: Record<string, Record<string, unknown>> = {}
  for (const { service, accountId, region, state } of states.all()) {
    const places = (byService[service.id] ??= {})
    places[`${accountId}/${region}`] = JSON.parse(JSON.stringify(state, toPlain))
  }
  return byService
}

function countLive(states: StateStore): Record<string, Record<string, number>> {
  const totals: Record<string, Record<string, number>> = {}
  for (const { service, state } of states.all()) {
    const counts = (totals[service.id] ??= {})
    for (const [noun, count] of Object.entries(service.countLive?.(state) ?? {}))
      counts[noun] = (counts[noun] ?? 0) + count
  }
  return totals
}

function reset(world: World, dropScheduled: () => void): void {
  dropScheduled()
  world.states.clear()
  world.log.clear()
  world.faults.clear()
  // Starts the record afresh, if it is needed at all.
  world.history.stop()
  recordIfNeeded(world)
  world.throttle?.clear()
  world.uuid = createUuidSource(UUID_SEED)
}

import type { CallLog } from './call-log.ts'
import type { Overlay } from './constraint.ts'
import type { ActiveFault, FaultPlan } from './faults.ts'
import type { History } from './history.ts'
import { isAllowed, type Permissions } from './permissions.ts'
import { statusOf } from './protocol/fault.ts'
import type { ParsedInput } from './protocol/http.ts'
import { isRead } from './read.ts'
import { redact } from './redact.ts'
import { denied, refusalBy } from './refusal.ts'
import { unsupported, type Route } from './route.ts'
import { AwsFault, type Call, type Scenario, type SimulatedService } from './service.ts'
import { partitionOf } from './account.ts'
import type { SessionClock } from './session-clock.ts'
import type { Cell, StateStore } from './state.ts'
import { throttleCodeOf, type Throttle } from './throttle.ts'
import { inputViolations, outputProblem, type Violation } from './validate.ts'

/** Everything that a call can touch. The members that are not readonly change through the simulator's own methods. */
export interface World {
  readonly clock: SessionClock
  readonly states: StateStore
  readonly history: History
  readonly log: CallLog
  readonly faults: FaultPlan
  readonly throttle: Throttle | undefined
  readonly overlays: Readonly<Record<string, Overlay>>
  uuid: () => string
  scenario: Scenario
  permissions: Permissions
  readDelaySeconds: number
}

/** A call that found its operation. */
export interface RoutedCall {
  readonly requestId: string
  readonly route: Route
  /** Throws an `AwsFault` when the input does not have the operation's shape. */
  readonly readInput: () => ParsedInput
}

/** What came of a call. Lost: a fault swallowed the request or the answer. */
export type Outcome =
  | { readonly type: 'answered'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly type: 'refused'; readonly fault: AwsFault; readonly status: number }
  | { readonly type: 'lost' }

/** Carries out one call and logs it. */
export async function performCall(call: RoutedCall, world: World): Promise<Outcome> {
  const startMs = world.clock.now()
  const attempt = attemptCall(call, world)
  await delay(attempt.fault, world)
  logCall(call, attempt, { startMs, world })
  return isLost(attempt.fault) ? { type: 'lost' } : attempt.outcome
}

interface Attempt {
  readonly outcome: Exclude<Outcome, { readonly type: 'lost' }>
  readonly input: ParsedInput | undefined
  readonly fault: ActiveFault | undefined
}

function attemptCall(call: RoutedCall, world: World): Attempt {
  const { route } = call
  let input: ParsedInput | undefined
  let fault: ActiveFault | undefined
  try {
    input = call.readInput()
    fault = takeFault(route, input, world)
    return { outcome: { type: 'answered', value: obtainResult({ call, input, fault }, world) }, input, fault }
  } catch (error) {
    const refusal = error instanceof AwsFault ? error : bugIn(route, error)
    const status = statusOf(refusal, route.endpoint.model.errors.get(refusal.code))
    return { outcome: { type: 'refused', fault: refusal, status }, input, fault }
  }
}

/** A handler that throws anything but an `AwsFault` is a defect of the simulator, and says so. */
function bugIn({ endpoint, operation }: Route, error: unknown): AwsFault {
  const reason = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return new AwsFault(
    'InternalFailure',
    `the AWS simulator failed in ${endpoint.service.id}:${operation.name}: ${reason}`,
    {},
    500,
  )
}

interface Attempted {
  readonly call: RoutedCall
  readonly input: ParsedInput
  readonly fault: ActiveFault | undefined
}

/** The order in which AWS refuses: permission, rate, input, then the service itself. */
function obtainResult({ call, input, fault }: Attempted, world: World): Readonly<Record<string, unknown>> {
  const { route } = call
  const { endpoint, operation } = route
  if (fault) refuseByFault(fault, route)
  checkPermission(route, world)
  checkRate(route, world)
  checkInput(route, input, world)
  const handler = endpoint.service.operations[operation.name]
  if (!handler) throw unsupported(`${endpoint.service.id}:${operation.name}`)
  const cell = world.states.cell(endpoint.service, route.caller)
  const state = stateFor(cell, route, { fault, world })
  world.history.beforeChange(world.clock.now())
  return checked(handler(input.value, state, callFor(call, world)), route)
}

function takeFault({ endpoint, operation, caller }: Route, input: ParsedInput, world: World): ActiveFault | undefined {
  return world.faults.take({
    ...caller,
    service: endpoint.service.id,
    operation: operation.name,
    parameters: input.value,
  })
}

function refuseByFault(fault: ActiveFault, route: Route): void {
  const refusal = refusalBy(fault.effect, route)
  if (refusal) throw refusal
}

function isLost(fault: ActiveFault | undefined): boolean {
  return fault?.effect.type === 'lost'
}

async function delay(fault: ActiveFault | undefined, { clock }: World): Promise<void> {
  if (fault?.effect.type !== 'delay') return
  const { seconds } = fault.effect
  await new Promise<void>((resolve) => void clock.after(seconds, resolve))
}

function checkPermission(route: Route, { permissions }: World): void {
  const action = `${route.endpoint.service.id}:${route.operation.name}`
  if (!isAllowed(permissions, route.caller.accessKeyId, action)) throw denied(route)
}

function checkRate({ endpoint, operation, caller }: Route, { throttle, clock }: World): void {
  if (!throttle) return
  const call = { ...caller, service: endpoint.service.id, operation: operation.name }
  if (!throttle.take(call, clock.now())) throw new AwsFault(throttleCodeOf(endpoint.service.id), 'Rate exceeded')
}

function checkInput({ endpoint, operation }: Route, input: ParsedInput, { overlays }: World): void {
  const unknown = input.unknownMembers.map((path) => ({ path, message: 'Member is not part of the model' }))
  const violations = [...unknown, ...inputViolations(input.value, operation.input, overlays[endpoint.service.id] ?? {})]
  if (violations.length > 0) throw new AwsFault(endpoint.wire.invalidInputCode, violationMessage(violations))
}

function violationMessage(violations: readonly Violation[]): string {
  const count = violations.length === 1 ? '1 validation error' : `${violations.length} validation errors`
  return `${count} detected: ${violations.map(({ path, message }) => `Value at '${path}' failed to satisfy constraint: ${message}`).join('; ')}`
}

/** The state that a call sees: reads may be made to look into the past. */
function stateFor(
  cell: Cell,
  { operation }: Route,
  { fault, world }: { fault: ActiveFault | undefined; world: World },
): unknown {
  const faultSeconds = fault?.effect.type === 'stale-read' ? fault.effect.seconds : 0
  const seconds = Math.max(faultSeconds, world.readDelaySeconds)
  if (seconds === 0 || !isRead(operation.name)) return cell.state
  const nowMs = world.clock.now()
  return world.history.stateAt(cell, nowMs - seconds * 1000, nowMs)
}

function checked(result: object, { endpoint, operation }: Route): Readonly<Record<string, unknown>> {
  const problem = outputProblem(result, operation.output, `${endpoint.service.id}:${operation.name}Response`)
  if (problem !== undefined) throw new Error(problem)
  return { ...result }
}

function callFor({ requestId, route }: RoutedCall, world: World): Call {
  const { caller } = route
  return {
    ...caller,
    requestId,
    partition: partitionOf(caller.region),
    clock: world.clock,
    uuid: world.uuid,
    scenario: world.scenario,
    calls: () => world.log.calls(),
    peer: <State>(service: SimulatedService<State>) => world.states.cell(service, caller).state as State,
  }
}

function logCall(
  { requestId, route }: RoutedCall,
  { outcome, input, fault }: Attempt,
  { startMs, world }: { startMs: number; world: World },
): void {
  const { endpoint, operation, caller } = route
  world.log.add({
    ...caller,
    requestId,
    service: endpoint.service.id,
    operation: operation.name,
    startMs,
    endMs: world.clock.now(),
    status: outcome.type === 'refused' ? outcome.status : (operation.http?.status ?? 200),
    ...(outcome.type === 'refused' && { errorCode: outcome.fault.code, errorMessage: outcome.fault.message }),
    ...(fault && { faultId: fault.id }),
    parameters: redact(input?.value ?? {}, operation.input),
  })
}

import type { LoggedCall } from './call-log.ts'
import type { VirtualClock } from './clock.ts'

/** One AWS call as a handler sees it. */
export interface Call {
  readonly accountId: string
  readonly region: string
  readonly partition: string
  readonly requestId: string
  /** From the signature: who calls. */
  readonly accessKeyId: string
  readonly userAgent: string
  readonly clock: VirtualClock
  /** A fresh version 4 shaped UUID from a seeded generator: the same calls give the same ids. */
  readonly uuid: () => string
  /** State of another service in the same account and region (`call.peer(logs)`). */
  readonly peer: <State>(service: SimulatedService<State>) => State
  /** Scenario inputs given by seed file or control endpoint (`image behaviours`, `load curves` …). */
  readonly scenario: Scenario
  /** Every call before this one to any service, oldest first: CloudTrail makes its events of them. */
  readonly calls: () => readonly LoggedCall[]
}

/** How container images behave, by image reference (exact, or without its tag); absent: starts and stays healthy. */
export interface ImageBehaviour {
  /** `crash`: exits with `exitCode` after `afterSeconds`; `cannot-pull`; `never-healthy`: runs, health checks fail. */
  readonly type: 'run' | 'crash' | 'cannot-pull' | 'never-healthy'
  readonly afterSeconds?: number
  readonly exitCode?: number
  /** What a scan in ECR finds, by severity; absent: nothing. */
  readonly findings?: Readonly<Record<string, number>>
}

export interface Scenario {
  readonly images: Readonly<Record<string, ImageBehaviour>>
  /** How late CloudTrail shows calls; absent: as the ledger says. */
  readonly eventDelaySeconds?: number
}

/** An error answer: `code` is AWS's error code (`RepositoryNotFoundException`); members of the error shape may be added. */
export class AwsFault extends Error {
  readonly code: string
  readonly members: Readonly<Record<string, unknown>>
  /** HTTP status; undefined: what the service's model or AWS's common errors say. */
  readonly status: number | undefined
  constructor(code: string, message: string, members: Readonly<Record<string, unknown>> = {}, status?: number) {
    super(message)
    this.name = 'AwsFault'
    this.code = code
    this.members = members
    this.status = status
  }
}

/** Parsed input by member name, as the SDK's types have it (timestamps are Date, blobs Uint8Array). */
export type Input = Readonly<Record<string, unknown>>
export type Handler<State> = (input: never, state: State, call: Call) => object

/**
 * One simulated AWS service. Handlers are synchronous: a call is atomic in virtual time. What takes time is scheduled
 * on `call.clock` and happens when the clock gets there. `State` must be plain data (it is dumped as JSON), one per
 * account and region.
 */
export interface SimulatedService<State> {
  /** Signing name: `ecs`, `ecr`, `logs`, `sts`. */
  readonly id: string
  /** The module namespace of the SDK package: the exported schemas are the wire format. */
  readonly schemas: Readonly<Record<string, unknown>>
  readonly createState: () => State
  readonly operations: Readonly<Record<string, Handler<State>>>
  /** Whether a state belongs to one account and region (the default) or all accounts share one, as in STS. */
  readonly stateScope?: 'region' | 'world'
  /** Counts of what still lives in a state, by noun (`clusters`, `tasks`); tombstones that AWS purges by itself do not count. */
  readonly countLive?: (state: State) => Readonly<Record<string, number>>
}

/** Any service, its state unknown: what the dispatcher holds. Methods, so that every `SimulatedService` fits. */
export interface AnyService {
  readonly id: string
  readonly schemas: Readonly<Record<string, unknown>>
  createState(): unknown
  readonly operations: Readonly<Record<string, AnyHandler>>
  readonly stateScope?: 'region' | 'world'
  countLive?(state: unknown): Readonly<Record<string, number>>
}

interface AnyHandlers {
  handle(input: Input, state: unknown, call: Call): object
}
export type AnyHandler = AnyHandlers['handle']

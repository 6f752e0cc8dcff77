import type { Client, Command, ServiceException, SmithyResolvedConfiguration } from '@smithy/core/client'
import type { HttpHandler } from '@smithy/core/protocols'
import type { Clock, Counter, Metrics } from '../core/ports.ts'
import type { Owner } from '../core/owner.ts'
import { Failure } from '../core/failure.ts'
import { awsCodeOf, failureFrom } from './errors.ts'
import type { Admission, Claimant, Pace, Sharing } from './pace.ts'

interface Answer {
  $metadata: ServiceException['$metadata']
}
type Options = NonNullable<Parameters<HttpHandler<object>['handle']>[1]>
type Config = SmithyResolvedConfiguration<Options>

/**
 * Makes one call to the service of the SDK client type `C`; the only way in which ports talk to the SDK.
 *
 * Errors: `Failure`; `aborted` when the caller's signal fired, `timeout` when the deadline passed or the connection broke
 * (the call may then have had its effect), `paced` when it was not sent because its turn is later. Nothing is repeated here:
 * the engine owns all retries.
 */
export type SendTo<C> =
  C extends Client<Options, infer In, infer Out, infer _Resolved>
    ? <I extends In, O extends Out>(
        command: Command<I, O, Config, In, Out>,
        signal: AbortSignal,
        /** Whom the call serves, who wait for their turn to make it; absent: whom the sender acts for. */
        sharing?: Sharing,
      ) => Promise<O>
    : never

export interface SendContext {
  readonly clock: Clock
  /** See `awsCallsCounter`. */
  readonly calls: Counter
  readonly deadlineSeconds: number
  /** Undefined: calls go out as fast as they come. */
  readonly pace: Pace | undefined
  /**
   * On whose behalf calls are made. Its object is named in the user agent, so that CloudTrail answers who did it.
   * Undefined: of nobody in particular.
   */
  readonly claimant: Claimant | undefined
  /** See `SessionOptions`. */
  readonly maySend: (() => boolean) | undefined
}

/** The counter of AWS calls; `code` is `ok`, AWS's error code, or `aborted` or `timeout` where we gave up. */
export function awsCallsCounter(metrics: Metrics): Counter {
  return metrics.counter({
    name: 'longshore_aws_calls_total',
    help: 'Calls to AWS by service, operation and error code (ok when it succeeded).',
    labels: ['service', 'operation', 'code'],
  })
}

/** A `SendTo` for `client`; `service` is its IAM prefix (`ecr`, `ecs`, `logs`, `sts`). */
export function createSend<In extends object, Out extends Answer>(
  service: string,
  client: Pick<Client<Options, In, Out, Config>, 'send'>,
  context: SendContext,
) {
  return async <I extends In, O extends Out>(
    command: Command<I, O, Config, In, Out>,
    signal: AbortSignal,
    sharing: Sharing | undefined = context.claimant && { claimants: [context.claimant], most: 1 },
  ): Promise<O> => {
    const operation = command.constructor.name.replace(/Command$/, '')
    const name = `${service}:${operation}`
    const count = (code: string): void => context.calls.add({ service, operation, code })
    if (signal.aborted) throw new Failure('aborted', name, { cause: signal.reason })
    prepare(command, name, context)
    const admission = await context.pace?.admit({ service, operation }, sharing, signal)

    const deadline = new AbortController()
    const cancel = context.clock.schedule(context.deadlineSeconds, () => deadline.abort())
    try {
      const answer = await client.send(command, { abortSignal: AbortSignal.any([signal, deadline.signal]) })
      count('ok')
      return answer
    } catch (error) {
      const givenUp = failureOfGivingUp(name, signal, deadline.signal)
      count(givenUp?.code ?? awsCodeOf(error))
      throw givenUp ?? slowedDown(failureFrom(error, name), admission)
    } finally {
      cancel()
    }
  }
}

/** A throttled call goes back to the line, and its failure names the time of its next turn. */
function slowedDown(failure: Failure, admission: Admission | undefined): Failure {
  if (failure.code !== 'throttled' || admission === undefined) return failure
  const { code, operation, message, cause, retryAfterSeconds = 0 } = failure
  const turnSeconds = admission.throttled()
  return new Failure(code, operation, { message, cause, retryAfterSeconds: Math.max(retryAfterSeconds, turnSeconds) })
}

function failureOfGivingUp(operation: string, signal: AbortSignal, deadline: AbortSignal): Failure | undefined {
  if (signal.aborted) return new Failure('aborted', operation, { cause: signal.reason })
  return deadline.aborted ? new Failure('timeout', operation) : undefined
}

function prepare<I extends object, O extends Answer>(
  command: Pick<Command<I, O, Config>, 'middlewareStack'>,
  operation: string,
  { claimant, maySend }: SendContext,
): void {
  if (claimant?.owner) nameOwner(command, claimant.owner)
  if (maySend) askAtTheSocket(command, operation, maySend)
}

// The SDK joins `context.userAgent` into the header when the request is built; characters it does not allow become `-`.
function nameOwner<I extends object, O extends Answer>(
  command: Pick<Command<I, O, Config>, 'middlewareStack'>,
  { kind, namespace, name }: Owner,
): void {
  command.middlewareStack.add(
    (next, context) => (input) => {
      context.userAgent = [...(context.userAgent ?? []), [`longshore-object/${kind}/${namespace}/${name}`]]
      return next(input)
    },
    { step: 'initialize', name: 'longshoreObject' },
  )
}

/** Serialising and signing take time, and a process may stand still at any point of it. */
function askAtTheSocket<I extends object, O extends Answer>(
  command: Pick<Command<I, O, Config>, 'middlewareStack'>,
  operation: string,
  maySend: () => boolean,
): void {
  command.middlewareStack.add(
    (next) => (input) => {
      if (!maySend()) throw new Failure('aborted', operation, { message: `${operation} not sent: others may lead` })
      return next(input)
    },
    { step: 'finalizeRequest', priority: 'low', name: 'longshoreLease' },
  )
}

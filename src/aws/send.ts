import type { Client, Command, SmithyResolvedConfiguration } from '@smithy/core/client'
import { createDeadline } from '../core/deadline.ts'
import type { Clock, Counter, Metrics } from '../core/ports.ts'
import { Failure } from '../core/failure.ts'
import { operationNameOf, type Answer, type Courier, type HttpOptions } from './courier.ts'
import { awsCodeOf, failureFrom } from './errors.ts'
import type { PassCalls } from './interrupted.ts'
import { isRead, type Admission, type Claimant, type Pace, type Sharing } from './pace.ts'

type Config = SmithyResolvedConfiguration<HttpOptions>

/**
 * Makes one call to the service of the SDK client type `C`; the only way in which ports talk to the SDK.
 *
 * Errors: `Failure`; `aborted` when the caller's signal fired, `timeout` when the deadline passed or the connection broke
 * (the call may then have had its effect), `paced` when it was not sent because its turn is later. Nothing is repeated here:
 * the engine owns all retries.
 */
export type SendTo<C> =
  C extends Client<HttpOptions, infer In, infer Out, infer _Resolved>
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
  /** The pass that the calls belong to; undefined: to none. */
  readonly pass?: PassCalls | undefined
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

/** A `SendTo` for a service with these inputs and outputs; `service` is its IAM prefix (`ecr`, `ecs`, `logs`, `sts`). */
export function createSend<In extends object, Out extends Answer>(
  service: string,
  courier: Courier,
  context: SendContext,
) {
  const own: Sharing | undefined = context.claimant && { claimants: [context.claimant], most: 1 }

  return async <I extends In, O extends Out>(
    command: Command<I, O, Config, In, Out>,
    signal: AbortSignal,
    sharing = own,
  ): Promise<O> => {
    const operation = operationNameOf(command)
    const { pass } = context
    const send = (): Promise<O> => sendOnce(command, { operation, sharing, signal })
    if (pass === undefined) return send()
    if (!isRead(operation)) return pass.write(send)
    return pass.read(`${service}:${operation} ${JSON.stringify(command.input)}`, send)
  }

  async function sendOnce<I extends In, O extends Out>(
    command: Command<I, O, Config, In, Out>,
    { operation, sharing, signal }: Sending,
  ): Promise<O> {
    const name = `${service}:${operation}`
    const count = (code: string): void => context.calls.add({ service, operation, code })
    if (signal.aborted) throw new Failure('aborted', name, { cause: signal.reason })
    const admission = await context.pace?.admit({ service, operation }, sharing, signal)

    const deadline = createDeadline(name, context.deadlineSeconds, signal, context.clock)
    const lastWord = (): void => checkLease(name, context)
    try {
      const answer = await courier.deliver<O>(command, { ...context, signal: deadline.signal, lastWord })
      count('ok')
      return answer
    } catch (error) {
      const cause: unknown = deadline.signal.aborted ? deadline.signal.reason : error
      count(awsCodeOf(cause))
      throw slowedDown(failureFrom(cause, name), admission)
    } finally {
      deadline.end()
    }
  }
}

/** Serialising and signing take time, and a process may stand still at any point of it. */
function checkLease(operation: string, { maySend }: SendContext): void {
  if (maySend?.() !== false) return
  throw new Failure('aborted', operation, { message: `${operation} not sent: others may lead` })
}

interface Sending {
  readonly operation: string
  readonly sharing: Sharing | undefined
  readonly signal: AbortSignal
}

/** A throttled call goes back to the line, and its failure names the time of its next turn. */
function slowedDown(failure: Failure, admission: Admission | undefined): Failure {
  if (failure.code !== 'throttled' || admission === undefined) return failure
  const { code, operation, message, cause, retryAfterSeconds = 0 } = failure
  const turnSeconds = admission.throttled()
  return new Failure(code, operation, { message, cause, retryAfterSeconds: Math.max(retryAfterSeconds, turnSeconds) })
}

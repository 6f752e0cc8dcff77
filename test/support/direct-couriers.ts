import { ServiceException } from '@smithy/core/client'
import { mentionOf, type Answer, type Courier, type Delivery, type Letter } from '../../src/aws/courier.ts'
import type { AwsCouriers } from '../../src/aws/session.ts'
import type { Outcome } from '../../src/simulator/perform.ts'
import type { DirectCall, Simulator } from '../../src/simulator/simulator.ts'

/**
 * Couriers for where nothing depends on how calls travel: they hand them to a simulator without endpoint, serialising,
 * signing and parsing, which is most of what a call costs.
 */
export function createDirectCouriers(
  { invoke }: Pick<Simulator, 'invoke'>,
  caller: Pick<DirectCall, 'accessKeyId' | 'region'>,
): AwsCouriers {
  const courierOf = (service: string): Courier => ({
    credentials: () => Promise.resolve({ accessKeyId: caller.accessKeyId }),
    async deliver<O extends Answer>({ constructor, input }: Letter, delivery: Delivery): Promise<O> {
      const operation = constructor.name.replace(/Command$/, '')
      delivery.lastWord()
      const call = invoke({ ...caller, service, operation, userAgent: mentionOf(delivery), input })
      return outputOf(await unlessAborted(call, { abortSignal: delivery.signal })) as O
    },
  })
  return { ecr: courierOf('ecr'), ecs: courierOf('ecs'), logs: courierOf('logs'), sts: courierOf('sts') }
}

/** The answer, or the error that the SDK and Node's sockets would make of it. */
function outputOf(outcome: Outcome): object {
  switch (outcome.type) {
    case 'answered':
      return { ...outcome.value, $metadata: { httpStatusCode: 200 } }
    case 'refused':
      throw exceptionFrom(outcome)
    case 'lost':
      throw connectionLost()
  }
}

function exceptionFrom({ fault, status }: Outcome & { readonly type: 'refused' }): Error {
  const exception = new ServiceException({
    name: fault.code,
    message: fault.message,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status },
  })
  return Object.assign(exception, fault.members)
}

/** The error that Node's sockets give when a connection ends without an answer. */
export function connectionLost(): Error {
  return Object.assign(new Error('the connection ended'), { name: 'TimeoutError', code: 'ECONNRESET' })
}

/** As Node's sockets do: whoever gives up hears so at once, whatever becomes of the call. */
export async function unlessAborted<T>(call: Promise<T>, options: object = {}): Promise<T> {
  const signal: unknown = Reflect.get(options, 'abortSignal')
  if (!(signal instanceof AbortSignal)) return call
  const { promise, reject } = Promise.withResolvers<never>()
  const abort = (): void => reject(Object.assign(new Error('the request was aborted'), { name: 'AbortError' }))
  signal.addEventListener('abort', abort)
  if (signal.aborted) abort()
  try {
    return await Promise.race([call, promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

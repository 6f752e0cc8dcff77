import { ServiceException } from '@smithy/core/client'
import type { AwsClients } from '../../src/aws/session.ts'
import type { Outcome } from '../../src/simulator/perform.ts'
import type { DirectCall, Simulator } from '../../src/simulator/simulator.ts'

/** What of a command says what is asked: its input, and what our own code added to it. */
interface Asked {
  readonly input: object
  readonly middlewareStack: {
    resolve(last: Handler, context: Context): (asked: { readonly input: object }) => Promise<{ output: unknown }>
  }
}
type Handler = (asked: { readonly input: object }) => Promise<{ output: object; response: unknown }>
interface Context {
  userAgent?: [string, string?][]
}

/**
 * Stands in for the SDK's clients where nothing depends on how calls travel: hands them to a simulator without endpoint,
 * serialising, signing and parsing, which is most of what a call costs. What our own code adds to a command runs as always.
 */
export function createDirectClients(
  { invoke }: Pick<Simulator, 'invoke'>,
  caller: Pick<DirectCall, 'accessKeyId' | 'region'>,
): AwsClients {
  const clientOf = (service: string) => ({
    async send({ constructor, input, middlewareStack }: Asked, options?: object): Promise<never> {
      const operation = constructor.name.replace(/Command$/, '')
      const context: Context = {}
      const last: Handler = async (asked) => {
        const userAgent = (context.userAgent ?? []).flat().join('/')
        const call = invoke({ ...caller, service, operation, userAgent, input: asked.input })
        return { output: outputOf(await unlessAborted(call, options)), response: undefined }
      }
      const { output } = await middlewareStack.resolve(last, context)({ input })
      return output as never
    },
  })
  const config = { credentials: () => Promise.resolve({ accessKeyId: caller.accessKeyId }) }
  return { ecr: clientOf('ecr'), ecs: clientOf('ecs'), logs: clientOf('logs'), sts: { ...clientOf('sts'), config } }
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

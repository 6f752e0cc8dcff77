import type { ServiceException } from '@smithy/core/client'
import { getEndpointFromInstructions, toEndpointV1 } from '@smithy/core/endpoints'
import type { HttpHandler, HttpRequest, HttpResponse } from '@smithy/core/protocols'
import { operation } from '@smithy/core/schema'
import type { Clock } from '../core/ports.ts'
import type { Claimant } from './pace.ts'

/** What SDK clients can be told about a single call. */
export type HttpOptions = NonNullable<Parameters<HttpHandler<object>['handle']>[1]>

/** What every output of the SDK has. */
export interface Answer {
  readonly $metadata: ServiceException['$metadata']
}

/** What a courier uses of an SDK client: parts of its configuration, as the client has completed it. */
export interface CourierClient {
  readonly config: {
    readonly protocol: Protocol
    readonly requestHandler: RequestHandler
    readonly credentials: CredentialsInUse
    readonly signer: () => Promise<Signer>
    readonly defaultUserAgentProvider: () => Promise<UserAgent>
  }
}

/** Turns inputs into requests, and answers into outputs or exceptions, as the service's protocol has it. */
interface Protocol {
  setSerdeContext(config: object): void
  serializeRequest(operation: Operation, input: object, context: object): Promise<Request>
  deserializeResponse<O extends Answer>(operation: Operation, context: object, response: HttpResponse): Promise<O>
}

interface Signer {
  sign(request: Request, options: { readonly signingDate: Date }): Promise<Pick<Request, 'headers'>>
}

interface RequestHandler {
  handle(request: Request, options: { readonly abortSignal: AbortSignal }): Promise<{ response: HttpResponse }>
}

type Request = Omit<HttpRequest, 'clone'>
type Operation = ReturnType<typeof operation>
type UserAgent = readonly (readonly [name: string, version?: string])[]

/** The parts of an SDK command that say which call to make, with what. */
export interface Letter {
  readonly input: object
  readonly schema?: unknown
}

export interface Delivery {
  readonly signal: AbortSignal
  /** On whose behalf: its object joins the user agent, which CloudTrail keeps. */
  readonly claimant: Pick<Claimant, 'owner'> | undefined
  /** Asked when the request is complete and about to leave; may throw. */
  readonly lastWord: () => void
}

/** What the SDK found, in whatever way it was told to look for it, as far as we want to know. */
export type CredentialsInUse = () => Promise<{ readonly accessKeyId: string }>

/** Takes commands to one service, once each, and brings back outputs and exceptions of the SDK. */
export interface Courier {
  /** Those that calls are signed with now. Costs no call, unless they have to be renewed. */
  readonly credentials: CredentialsInUse
  deliver<O extends Answer>(letter: Letter, delivery: Delivery): Promise<O>
}

/** What is the same for all calls of a client. */
interface Line {
  readonly signer: Signer
  readonly userAgent: string
  /** For the protocol: the client's configuration with its endpoint. */
  readonly context: object
}

/** A clock that is further off makes AWS refuse signatures, within a minute ("Signature Version 4", IAM user guide: 5 minutes). */
const TOLERATED_SKEW_MS = 4 * 60_000

/** A courier that takes the commands of an SDK client to AWS. */
export function openCourier(client: CourierClient, clock: Clock): Courier {
  return new SdkCourier(client, clock)
}

/**
 * It goes by the client's own protocol, endpoint rules, signer, credentials and connections, but not through its chain of
 * middleware: that costs more than twice as much as everything else around a call, for retries, logs and figures that are
 * ours to keep (docs/decisions/0009-calls-to-aws.md). Only for services whose endpoint does not depend on the input.
 */
class SdkCourier implements Courier {
  readonly #client: CourierClient
  readonly #clock: Clock
  #line: Promise<Line> | undefined
  /** AWS's clock less ours, once AWS has refused a signature for its time. */
  #skewMs = 0

  constructor(client: CourierClient, clock: Clock) {
    this.#client = client
    this.#clock = clock
    client.config.protocol.setSerdeContext(client.config)
  }

  credentials(): ReturnType<CredentialsInUse> {
    return this.#client.config.credentials()
  }

  async deliver<O extends Answer>(letter: Letter, delivery: Delivery): Promise<O> {
    const { protocol } = this.#client.config
    const line = await this.#open()
    const call = operationOf(letter)
    const request = await protocol.serializeRequest(call, letter.input, line.context)
    const response = await this.#exchange(request, line, delivery)
    try {
      return await protocol.deserializeResponse<O>(call, line.context, response)
    } catch (error) {
      this.#compareClocks(response)
      throw withResponse(error, response)
    }
  }

  async #exchange(request: Request, { signer, userAgent }: Line, delivery: Delivery): Promise<HttpResponse> {
    const { hostname, port } = request
    request.headers['host'] = port === undefined ? hostname : `${hostname}:${port}`
    request.headers['user-agent'] = `${userAgent} ${mentionOf(delivery)}`.trimEnd()
    const signingDate = new Date(this.#clock.now() + this.#skewMs)
    const { headers } = await signer.sign(request, { signingDate })
    request.headers = headers
    delivery.lastWord()
    const { response } = await this.#client.config.requestHandler.handle(request, { abortSignal: delivery.signal })
    return response
  }

  /** A failure is nobody's line: the next call tries again. */
  #open(): Promise<Line> {
    this.#line ??= openLine(this.#client).catch((error: unknown) => {
      this.#line = undefined
      throw error
    })
    return this.#line
  }

  #compareClocks({ headers }: HttpResponse): void {
    const theirs = Date.parse(headers['date'] ?? '')
    const skewMs = theirs - this.#clock.now()
    if (Math.abs(skewMs - this.#skewMs) > TOLERATED_SKEW_MS) this.#skewMs = skewMs
  }
}

/** The parameters that the rules of every AWS service know, by the names of the client's settings. */
const ENDPOINT_PARAMETERS = {
  Region: { type: 'builtInParams', name: 'region' },
  Endpoint: { type: 'builtInParams', name: 'endpoint' },
  UseFIPS: { type: 'builtInParams', name: 'useFipsEndpoint' },
  UseDualStack: { type: 'builtInParams', name: 'useDualstackEndpoint' },
} as const

async function openLine({ config }: CourierClient): Promise<Line> {
  const rules = { getEndpointParameterInstructions: () => ENDPOINT_PARAMETERS }
  // A copy: the SDK notes in it what it found in the environment.
  const endpoint = toEndpointV1(await getEndpointFromInstructions({}, rules, { ...config }))
  const context = { ...config, endpoint: () => Promise.resolve(endpoint) }
  return { signer: await config.signer(), userAgent: textOf(await config.defaultUserAgentProvider()), context }
}

/** `aws-sdk-js/3.1 os/linux#6.1 lang/js`: a version goes behind a slash, or behind a hash where the name has one. */
function textOf(userAgent: UserAgent): string {
  const withVersion = (name: string, version: string): string => `${name}${name.includes('/') ? '#' : '/'}${version}`
  return userAgent.map(([name, version]) => (version === undefined ? name : withVersion(name, version))).join(' ')
}

/** How the object on whose behalf a call is made stands in its user agent; empty: there is none. */
export function mentionOf({ claimant }: Pick<Delivery, 'claimant'>): string {
  const owner = claimant?.owner
  return owner === undefined ? '' : `longshore-object/${owner.kind}/${owner.namespace}/${owner.name}`
}

/** What AWS calls the operation of a command (`CreateRepository`). The names of classes are not to be relied on in a bundle. */
export function operationNameOf(letter: Letter): string {
  return String(partsOf(letter)[2])
}

function operationOf(letter: Letter): Operation {
  const [, namespace, name, traits, input, output] = partsOf(letter)
  return operation(namespace, name, traits, input, output)
}

/** The SDK writes an operation down as a tuple that begins with a sign for its kind. */
function partsOf({ schema }: Letter) {
  if (!Array.isArray(schema)) throw new TypeError('the command has no schema')
  return schema
}

/** Where the SDK's own chain leaves the answer for whoever looks for its headers. */
function withResponse(error: unknown, response: HttpResponse): unknown {
  if (error instanceof Error) Object.defineProperty(error, '$response', { value: response, enumerable: false })
  return error
}

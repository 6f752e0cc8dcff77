import type { ServiceException } from '@smithy/core/client'
import { getEndpointFromInstructions, toEndpointV1 } from '@smithy/core/endpoints'
import { HttpRequest, type HttpHandler, type HttpResponse } from '@smithy/core/protocols'
import { operation } from '@smithy/core/schema'
import type { Clock } from '../core/ports.ts'
import type { Claimant } from './pace.ts'
import { createSign, type SigningKeys, type SigningScope } from './signature.ts'

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
    readonly credentials: () => Promise<SigningKeys>
    readonly signer: () => Promise<Signer>
    readonly userAgentAppId: () => Promise<string | undefined>
    readonly defaultUserAgentProvider: (config: {
      readonly userAgentAppId: () => Promise<string | undefined>
    }) => Promise<UserAgent>
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
  /** Answers the headers of a request with those of its signature. */
  readonly sign: (request: Request, signingDate: Date) => Promise<Request['headers']>
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

  async #exchange(request: Request, { sign, userAgent }: Line, delivery: Delivery): Promise<HttpResponse> {
    const { hostname, port } = request
    request.headers['host'] = port === undefined ? hostname : `${hostname}:${port}`
    request.headers['user-agent'] = `${userAgent} ${mentionOf(delivery)}`.trimEnd()
    request.headers = await sign(request, new Date(this.#clock.now() + this.#skewMs))
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
  const userAgent = textOf(await config.defaultUserAgentProvider(config))
  return { sign: await openSign(config), userAgent, context }
}

/** Signs as the client would: its own signer says for which region and service, and takes all that is out of the ordinary. */
async function openSign(config: CourierClient['config']): Promise<Line['sign']> {
  const signer = await config.signer()
  const signBySdk: Line['sign'] = async (request, signingDate) => (await signer.sign(request, { signingDate })).headers
  const scope = await scopeOf(signBySdk)
  if (scope === undefined) return signBySdk

  const sign = createSign(scope)
  return async (request, signingDate) => {
    const { method, path, query, headers, body = '' } = request
    const isOrdinary = path === '/' && Object.keys(query).length === 0 && isWhole(body)
    if (!isOrdinary) return signBySdk(request, signingDate)
    return sign({ method, headers, body }, await config.credentials(), signingDate)
  }
}

/** Where the client's signatures are good; undefined: they are of another kind than ours. */
async function scopeOf(sign: Line['sign']): Promise<SigningScope | undefined> {
  const headers = { host: 'localhost' }
  const signed = await sign(new HttpRequest({ method: 'POST', hostname: 'localhost', headers }), new Date(0))
  const scope = /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request,/.exec(
    signed['authorization'] ?? '',
  )
  const [, region, service] = scope ?? []
  return region === undefined || service === undefined ? undefined : { region, service }
}

function isWhole(body: unknown): body is string | Uint8Array {
  return typeof body === 'string' || body instanceof Uint8Array
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

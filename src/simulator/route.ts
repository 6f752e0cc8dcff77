import { accountOf, type AccountsByKey } from './account.ts'
import { codecFor, formActionOf, type Codec } from './protocol/codec.ts'
import type { HttpRequest } from './protocol/http.ts'
import { modelFrom, type Operation, type ServiceModel } from './protocol/model.ts'
import { WIRES, type Wire } from './protocol/wire.ts'
import { AwsFault, type AnyService } from './service.ts'
import { checkFreshness, readSignature, type Signature } from './signature.ts'

/** A service with all that is needed to speak for it. */
export interface Endpoint {
  readonly service: AnyService
  readonly wire: Wire
  readonly model: ServiceModel
  readonly codec: Codec
}

/** Who calls, and where. */
export interface Caller {
  readonly accessKeyId: string
  readonly accountId: string
  readonly region: string
  readonly userAgent: string
  readonly sourceIPAddress: string
}

export interface Route {
  readonly endpoint: Endpoint
  readonly operation: Operation
  readonly caller: Caller
}

export function endpointFor(service: AnyService): Endpoint {
  const wire = WIRES[service.id]
  if (!wire) throw new Error(`protocol/wire.ts does not say how ${service.id} talks`)
  return { service, wire, model: modelOf(service), codec: codecFor(wire.protocol) }
}

/** A package has hundreds of schemas, and tests open simulators by the thousand. */
const models = new WeakMap<object, ServiceModel>()

function modelOf({ schemas }: AnyService): ServiceModel {
  const known = models.get(schemas) ?? modelFrom(schemas)
  models.set(schemas, known)
  return known
}

export interface RouteOptions {
  readonly endpoints: ReadonlyMap<string, Endpoint>
  readonly accounts: AccountsByKey
  /** Wall-clock time against which signatures are checked for age; absent: virtual time does not run with the callers'. */
  readonly wallClockMs?: (() => number) | undefined
}

/** Where a request goes: the service by its signing scope, the operation by target, action or path. */
export function routeRequest(request: HttpRequest, options: RouteOptions): Route {
  const signature = readSignature(request)
  if (!signature) return routeUnsigned(request, options)
  if (options.wallClockMs) checkFreshness(signature, options.wallClockMs())
  const endpoint = options.endpoints.get(signature.service)
  if (!endpoint) throw unsupported(`the service ${signature.service}`)
  return {
    endpoint,
    operation: operationOf(request, endpoint),
    caller: callerFrom(request, signature, options.accounts),
  }
}

/** Who calls which operation, said instead of read from a request. */
export interface DirectRoute extends Omit<Caller, 'accountId' | 'sourceIPAddress'> {
  /** Signing name. */
  readonly service: string
  readonly operation: string
}

/** Where a call goes that does not come over the wire; throws when there is no such operation. */
export function routeDirectly({ service, operation: name, ...caller }: DirectRoute, options: RouteOptions): Route {
  const endpoint = options.endpoints.get(service)
  const operation = endpoint?.model.operations.get(name)
  if (endpoint === undefined || operation === undefined) throw new Error(`no operation ${service}:${name}`)
  const accountId = accountOf(caller.accessKeyId, options.accounts)
  return { endpoint, operation, caller: { ...caller, accountId, sourceIPAddress: THIS_MACHINE } }
}

/** The service that a request means, as far as it says, for the envelope of an error. */
export function endpointHint(request: HttpRequest, { endpoints }: RouteOptions): Endpoint | undefined {
  const scoped = /Credential=[^,]*\/([^/,]+)\/aws4_request/.exec(request.headers['authorization'] ?? '')?.[1]
  return endpoints.get(scoped ?? '') ?? [...endpoints.values()].find((endpoint) => isUnsignedTarget(request, endpoint))
}

/** An error that nobody retries: 501 is not on the lists of retryable statuses of AWS's SDKs. */
export function unsupported(what: string): AwsFault {
  return new AwsFault('UnsupportedBySimulator', `the AWS simulator does not model ${what}`, {}, 501)
}

type Signed = Pick<Signature, 'accessKeyId' | 'region'>

function callerFrom(request: HttpRequest, { accessKeyId, region }: Signed, accounts: AccountsByKey): Caller {
  return {
    accessKeyId,
    region,
    accountId: accountOf(accessKeyId, accounts),
    userAgent: userAgentOf(request),
    sourceIPAddress: request.remoteAddress ?? THIS_MACHINE,
  }
}

const THIS_MACHINE = '127.0.0.1'

function routeUnsigned(request: HttpRequest, { endpoints, accounts }: RouteOptions): Route {
  const endpoint = [...endpoints.values()].find((candidate) => isUnsignedTarget(request, candidate))
  if (!endpoint) throw new AwsFault('MissingAuthenticationTokenException', 'Missing Authentication Token', {}, 403)
  const caller = callerFrom(request, { accessKeyId: '', region: 'us-east-1' }, accounts)
  return { endpoint, operation: operationOf(request, endpoint), caller }
}

function isUnsignedTarget(request: HttpRequest, { wire }: Endpoint): boolean {
  const action = wire.unsignedOperations && formActionOf(request)
  return action !== undefined && wire.unsignedOperations?.includes(action) === true
}

function operationOf(request: HttpRequest, { codec, model, service }: Endpoint): Operation {
  const name = codec.operationName(request, model)
  const operation = model.operations.get(name ?? '')
  if (operation) return operation
  throw new AwsFault(
    'UnknownOperationException',
    `${service.id} has no operation ${name ?? `for ${request.method} ${request.path}`}`,
  )
}

function userAgentOf(request: HttpRequest): string {
  // SDKs in browsers cannot set user-agent, so all of them send this one as well, with more in it.
  const agents = [request.headers['user-agent'], request.headers['x-amz-user-agent']].filter(
    (agent) => agent !== undefined,
  )
  return [...new Set(agents)].join(' ')
}

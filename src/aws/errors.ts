import { Failure, failureCodeFrom, type FailureCode } from '../core/failure.ts'

/**
 * AWS error codes, each with the one meaning it has for us. Sources: the error shapes in the service models of ECS, ECR,
 * CloudWatch Logs and STS; "Common errors" in the API references; the throttling codes of the SDK's retry classification.
 */
const CODES: readonly (readonly [FailureCode, readonly string[]])[] = [
  [
    'not-found',
    [
      'RepositoryNotFoundException',
      'LifecyclePolicyNotFoundException',
      'LifecyclePolicyPreviewNotFoundException',
      'RepositoryPolicyNotFoundException',
      'ImageNotFoundException',
      'ScanNotFoundException',
      'ClusterNotFoundException',
      'ServiceNotFoundException',
      'ServiceDeploymentNotFoundException',
      'TaskSetNotFoundException',
      'ResourceNotFoundException',
    ],
  ],
  ['already-exists', ['RepositoryAlreadyExistsException', 'ResourceAlreadyExistsException']],
  [
    'conflict',
    [
      'ConflictException',
      'OperationAbortedException',
      'ConcurrentUpdateException',
      // The service is DRAINING or INACTIVE: what we last saw is out of date.
      'ServiceNotActiveException',
    ],
  ],
  [
    'in-use',
    [
      'RepositoryNotEmptyException',
      'ResourceInUseException',
      'ClusterContainsCapacityProviderException',
      'ClusterContainsContainerInstancesException',
      'ClusterContainsServicesException',
      'ClusterContainsTasksException',
    ],
  ],
  ['busy', ['UpdateInProgressException', 'LifecyclePolicyPreviewInProgressException']],
  [
    'throttled',
    [
      'Throttling',
      'ThrottlingException',
      'ThrottledException',
      'RequestThrottled',
      'RequestThrottledException',
      'RequestLimitExceeded',
      'TooManyRequestsException',
      'BandwidthLimitExceeded',
      'SlowDown',
      'EC2ThrottledException',
      'PriorRequestNotComplete',
    ],
  ],
  [
    'unavailable',
    [
      'ServerException',
      'InternalFailure',
      'InternalError',
      'InternalServerError',
      'InternalServerException',
      'ServiceUnavailable',
      'ServiceUnavailableException',
      // Not reached at all, so certainly without effect.
      'ECONNREFUSED',
      'ENOTFOUND',
      'EAI_AGAIN',
      'EHOSTUNREACH',
      'ENETUNREACH',
      'UND_ERR_CONNECT_TIMEOUT',
    ],
  ],
  [
    'timeout',
    [
      'TimeoutError',
      'RequestTimeout',
      'RequestTimeoutException',
      // The connection broke while a call was under way: it may have had its effect.
      'ECONNRESET',
      'EPIPE',
      'ETIMEDOUT',
      'UND_ERR_SOCKET',
    ],
  ],
  [
    'denied',
    [
      'AccessDenied',
      'AccessDeniedException',
      'NotAuthorized',
      'UnauthorizedOperation',
      'UnauthorizedException',
      'AuthorizationError',
      'OptInRequired',
      'BlockedException',
      'BlockedByOrganizationPolicyException',
    ],
  ],
  [
    'credentials',
    [
      'ExpiredToken',
      'ExpiredTokenException',
      'InvalidClientTokenId',
      'UnrecognizedClientException',
      'UnrecognizedClient',
      'InvalidAccessKeyId',
      'InvalidSignatureException',
      'SignatureDoesNotMatch',
      'IncompleteSignature',
      'IncompleteSignatureException',
      'MissingAuthenticationToken',
      'MissingAuthenticationTokenException',
      'AuthFailure',
      'RequestExpired',
      'RequestTimeTooSkewed',
      'RequestInTheFuture',
      'InvalidIdentityToken',
      'InvalidIdentityTokenException',
      'RegionDisabledException',
      // Raised by the SDK's credential chain before anything is sent.
      'CredentialsProviderError',
      'TokenProviderError',
    ],
  ],
  [
    'limit-exceeded',
    [
      // The SDK counts it among the throttling codes; in ECS, ECR and Logs it means a quota, which waiting does not lift.
      'LimitExceededException',
      'AttributeLimitExceededException',
      'ServiceQuotaExceededException',
    ],
  ],
  [
    'invalid',
    [
      'InvalidParameterException',
      'InvalidParameterValue',
      'InvalidTagParameterException',
      'TooManyTagsException',
      'ValidationException',
      'ValidationError',
      'ClientException',
      'UnsupportedFeatureException',
      'PlatformUnknownException',
      'PlatformTaskDefinitionIncompatibilityException',
      'NamespaceNotFoundException',
      'KmsException',
      'InvalidOperationException',
      'MissingVersionException',
    ],
  ],
]

const MEANING: ReadonlyMap<string, FailureCode> = new Map(
  CODES.flatMap(([meaning, codes]) => codes.map((code) => [code, meaning] as const)),
)

/** The codes that mean this to us: what to look for in the metrics of AWS calls, which count by AWS's own words. */
export function awsCodesMeaning(meaning: FailureCode): readonly string[] {
  return CODES.flatMap(([each, codes]) => (each === meaning ? codes : []))
}

/**
 * Turns whatever the SDK threw into a `Failure`. `operation` is `service:Operation`. Decided by codes alone: the message
 * is shown to people and never looked at. An error that is a `Failure` already stays as it is.
 */
export function failureFrom(error: unknown, operation: string): Failure {
  if (error instanceof Failure) return error
  const code = awsCodeOf(error)
  const meaning = MEANING.get(code) ?? meaningOfStatus(httpStatusOf(error))
  return new Failure(meaning, operation, {
    cause: error,
    message: `${operation} failed with ${code}${detailOf(error)}`,
    retryAfterSeconds: retryAfterSecondsOf(error),
  })
}

/** What `call` answers; undefined when the thing does not exist: reads find nothing, deletes have nothing left to do. */
export async function unlessNotFound<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    if (failureCodeFrom(error) === 'not-found') return undefined
    throw error
  }
}

/** AWS's error code, or the network stack's: `RepositoryNotFoundException`, `ECONNRESET`; `Error` when there is none. */
export function awsCodeOf(error: unknown): string {
  if (error instanceof Failure) return error.code
  // Node keeps the system error's code beside a generic name; AWS's errors have their code as the name.
  const systemCode = memberOf(error, 'code')
  if (typeof systemCode === 'string' && MEANING.has(systemCode)) return systemCode
  return error instanceof Error ? error.name : 'Error'
}

// For codes that no table knows. 501 is the simulator's "not modelled": retrying would only hide it.
function meaningOfStatus(status: number | undefined): FailureCode {
  if (status === undefined || status === 501) return 'unexpected'
  if (status >= 500) return 'unavailable'
  if (status === 429) return 'throttled'
  if (status === 401) return 'credentials'
  return status === 403 ? 'denied' : 'unexpected'
}

function httpStatusOf(error: unknown): number | undefined {
  const status = memberOf(memberOf(error, '$metadata'), 'httpStatusCode')
  return typeof status === 'number' ? status : undefined
}

function retryAfterSecondsOf(error: unknown): number | undefined {
  const header = memberOf(memberOf(memberOf(error, '$response'), 'headers'), 'retry-after')
  return typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : undefined
}

function detailOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? `: ${error.message}` : ''
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

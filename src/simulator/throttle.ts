import { THROTTLE_CLASSES, type ThrottleClass } from './throttle-classes.ts'

/** Tokens in a bucket at some instant. */
interface Bucket {
  tokens: number
  atMs: number
}

/** Token buckets by account, region and class, refilled in virtual time. Services without published rates have none. */
export class Throttle {
  readonly #buckets = new Map<string, Bucket>()

  /** Takes a token for a call; false: the call is one too many. */
  take(
    call: { readonly service: string; readonly operation: string; readonly accountId: string; readonly region: string },
    nowMs: number,
  ): boolean {
    const limit = classOf(call.service, call.operation)
    if (!limit) return true
    const bucket = this.#bucket(`${call.accountId}/${call.region}/${call.service}/${limit.name}`, limit, nowMs)
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }

  clear(): void {
    this.#buckets.clear()
  }

  #bucket(key: string, limit: ThrottleClass, nowMs: number): Bucket {
    const bucket = this.#buckets.get(key) ?? { tokens: limit.burst, atMs: nowMs }
    const refill = ((nowMs - bucket.atMs) / 1000) * limit.perSecond
    bucket.tokens = Math.min(limit.burst, bucket.tokens + refill)
    bucket.atMs = nowMs
    this.#buckets.set(key, bucket)
    return bucket
  }
}

const classByOperation = new Map(
  Object.entries(THROTTLE_CLASSES).flatMap(([service, classes]) =>
    classes.flatMap((limit) => limit.operations.map((operation) => [`${service}:${operation}`, limit] as const)),
  ),
)

function classOf(service: string, operation: string): ThrottleClass | undefined {
  return classByOperation.get(`${service}:${operation}`)
}

/** The code with which a service says that calls come too fast. */
export function throttleCodeOf(service: string): string {
  switch (service) {
    case 'ec2':
      return 'RequestLimitExceeded'
    case 'sqs':
      return 'RequestThrottled'
    case 'sts':
    case 'iam':
    case 'elasticloadbalancing':
    case 'autoscaling':
      return 'Throttling'
    default:
      return 'ThrottlingException'
  }
}

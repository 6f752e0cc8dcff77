import type { STSClientConfig } from '@aws-sdk/client-sts'
import { createHttpHandler, type ProxySettings } from './http.ts'

/** How SDK clients reach AWS; alike for all of them. */
export interface ClientOptions {
  readonly region: string
  /** Absent: AWS's own, or what the SDK's standard settings (`AWS_ENDPOINT_URL` …) say. */
  readonly endpoint?: string | undefined
  /** Absent: the SDK's standard chain. */
  readonly credentials?: STSClientConfig['credentials'] | undefined
  /** Absent: none. */
  readonly proxy?: ProxySettings | undefined
  /** What carries the HTTP requests; absent: `createHttpHandler`. */
  readonly requestHandler?: STSClientConfig['requestHandler'] | undefined
}

/** What the constructors of SDK clients take. */
export function clientConfigFrom({ region, endpoint, credentials, proxy, requestHandler }: ClientOptions) {
  return {
    region,
    // The engine knows what may be repeated and when; the SDK does not.
    maxAttempts: 1,
    requestHandler: requestHandler ?? createHttpHandler(proxy),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(credentials === undefined ? {} : { credentials }),
  }
}

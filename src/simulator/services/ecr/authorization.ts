import type { GetAuthorizationTokenResponse } from '@aws-sdk/client-ecr'
import type { Call } from '../../service.ts'
import { registryHostOf } from './arn.ts'
import { LEDGER } from './ledger.ts'
import type { EcrState } from './state.ts'

export function getAuthorizationToken(_input: unknown, _state: EcrState, call: Call): GetAuthorizationTokenResponse {
  const password = `simulated-${call.accountId}`
  return {
    authorizationData: [
      {
        authorizationToken: Buffer.from(`AWS:${password}`).toString('base64'),
        expiresAt: new Date(call.clock.now() + LEDGER.authorizationTokenSeconds.value * 1000),
        proxyEndpoint: `https://${registryHostOf(call)}`,
      },
    ],
  }
}

import { partitionOf, userArnOf } from './account.ts'
import type { FaultEffect } from './faults.ts'
import type { Route } from './route.ts'
import { AwsFault } from './service.ts'
import { throttleCodeOf } from './throttle.ts'

/** The error with which a fault refuses a call before it takes effect; undefined: the fault lets it through. */
export function refusalBy(effect: FaultEffect, route: Route): AwsFault | undefined {
  switch (effect.type) {
    case 'throttle':
      return new AwsFault(throttleCodeOf(route.endpoint.service.id), 'Rate exceeded')
    case 'unavailable':
      return new AwsFault(
        'ServiceUnavailable',
        'The request has failed due to a temporary failure of the server.',
        {},
        503,
      )
    case 'denied':
      return denied(route)
    case 'error':
      return new AwsFault(effect.code, effect.message ?? 'injected by a fault rule', {}, effect.status)
    case 'lost':
      return effect.when === 'before-effect' ? new AwsFault('ConnectionLost', 'lost before it took effect') : undefined
    case 'delay':
    case 'stale-read':
      return undefined
  }
}

/** The refusal of a caller that lacks the permission. */
export function denied({ endpoint, operation, caller }: Route): AwsFault {
  const user = userArnOf(partitionOf(caller.region), caller)
  const message = `User: ${user} is not authorized to perform: ${endpoint.service.id}:${operation.name} because no identity-based policy allows the action`
  return new AwsFault(deniedCode(endpoint.wire.protocol), message)
}

function deniedCode(protocol: Route['endpoint']['wire']['protocol']): string {
  switch (protocol) {
    case 'query':
      return 'AccessDenied'
    case 'ec2-query':
      return 'UnauthorizedOperation'
    default:
      return 'AccessDeniedException'
  }
}

import type { NewService } from '../../aws/ecs-service.ts'
import { Failure, failureCodeFrom } from '../../core/failure.ts'
import { canonicalJson, digest } from '../../core/hash.ts'
import type { Resolved } from '../../core/output.ts'
import { ownershipTags } from '../../core/owner.ts'
import type { Outputs } from '../../core/plan.ts'
import { unreachable } from '../../core/unreachable.ts'
import type { Identity, Scope } from '../../reconciler/resource.ts'
import { serviceRefFrom, type DesiredService } from './desired.ts'
import type { ServiceOutput, ServiceStep } from './plan.ts'

/** Takes one step. Throws `Failure`. */
export async function applyServiceStep(
  step: Resolved<ServiceStep>,
  { key, owner }: Identity,
  { aws: { ecsServices } }: Scope,
  signal: AbortSignal,
): Promise<Outputs<ServiceOutput>> {
  const ref = serviceRefFrom(key)
  switch (step.type) {
    case 'create': {
      const service = newServiceFrom(step.service)
      const tags = { ...step.service.tags, ...ownershipTags(owner) }
      const clientToken = tokenFor({ ...service, tags }, step.replaces)
      const arn = await ecsServices.createService({ ...service, tags, clientToken }, signal).catch(asMistakeIn(step))
      return { arn }
    }
    case 'scale':
      await ecsServices.updateService({ ...ref, desiredCount: step.desiredCount }, signal)
      return {}
    case 'configure':
      await ecsServices.updateService({ ...ref, ...step.settings }, signal)
      return {}
    case 'roll-out':
      await ecsServices.updateService({ ...ref, ...step.template, forceNewDeployment: step.isForced }, signal)
      return {}
    case 'adopt':
      await ecsServices.tag(step.arn, ownershipTags(owner), signal)
      return {}
    case 'tag':
      await ecsServices.tag(step.arn, step.tags, signal)
      return {}
    case 'untag':
      await ecsServices.untag(step.arn, step.keys, signal)
      return {}
    case 'release':
      await ecsServices.untag(step.arn, Object.keys(ownershipTags(owner)), signal)
      return {}
    case 'delete':
      await ecsServices.deleteService(ref, signal)
      return {}
    default:
      return unreachable(step)
  }
}

/** A cluster that the spec names and that does not exist is for a person to see to; a reference waits for its cluster. */
function asMistakeIn({ service: { cluster, clusterField } }: { readonly service: Resolved<DesiredService> }) {
  return (error: unknown): never => {
    if (failureCodeFrom(error) !== 'not-found' || clusterField === undefined) throw error
    const message = `${clusterField}: ECS has no cluster ${cluster}; create it, or name another one`
    throw new Failure('invalid', 'ecs:CreateService', { message, cause: error })
  }
}

/** A service starts with one task unless told otherwise: ECS demands a count for it. */
function newServiceFrom(desired: Resolved<DesiredService>): Omit<NewService, 'tags'> {
  const { cluster, name: serviceName, template, settings, launchType } = desired
  const { capacityProviderStrategy = [], ...rest } = settings
  return {
    cluster,
    serviceName,
    ...template,
    ...rest,
    ...(capacityProviderStrategy.length > 0 && { capacityProviderStrategy }),
    ...(launchType && { launchType }),
    desiredCount: desired.desiredCount ?? 1,
    schedulingStrategy: 'REPLICA',
  }
}

/**
 * Says what the call is for: this content, in the place of that incarnation. The same call again finds the service that
 * the lost one made; a service that was deleted by hand is made anew, which its old token would prevent. At most 36
 * characters (ECS API reference, CreateService).
 */
function tokenFor(service: NewService, replaces: string): string {
  return digest(canonicalJson({ service, replaces }), 32)
}

import type { ServiceSettings, ServiceTemplate } from '../../aws/ecs-service-state.ts'
import type { Deferred } from '../../core/output.ts'
import type { Tags } from '../../core/owner.ts'

/** What a new deployment moves the tasks to. */
export type DesiredTemplate = Omit<ServiceTemplate, 'taskDefinition'> & { readonly taskDefinition: Deferred<string> }

/** A service as it should be. What is absent is not managed. */
export interface DesiredService {
  /** Name of the cluster. */
  readonly cluster: string
  /** Where the spec names the cluster, if it does so itself: a reference would wait for it. */
  readonly clusterField?: 'spec.clusterName' | 'spec.clusterArn' | undefined
  readonly name: string
  readonly template: DesiredTemplate
  /** Hash of the content of the task definition: tells whether the user edited it, whatever revision holds it. */
  readonly revisionHash: Deferred<string>
  readonly settings: ServiceSettings
  readonly desiredCount: number | undefined
  readonly launchType: 'FARGATE' | undefined
  readonly tags: Tags | undefined
}

/** `CLUSTER/NAME`; neither part can contain a slash. */
export function serviceKey({ cluster, name }: Pick<DesiredService, 'cluster' | 'name'>): string {
  return `${cluster}/${name}`
}

/** The reverse of `serviceKey`. */
export function serviceRefFrom(key: string): { readonly cluster: string; readonly service: string } {
  const slash = key.indexOf('/')
  return { cluster: key.slice(0, slash), service: key.slice(slash + 1) }
}

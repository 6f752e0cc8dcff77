import { createOutput, type Output } from '../core/output.ts'
import type { Step } from '../core/plan.ts'
import type { AnyResource, Resource } from './resource.ts'

/** One resource of a composition: what the object stands for in AWS. */
export interface Composed {
  /** Unique in the composition; stable across passes and releases: the inventory finds it again by this name. */
  readonly name: string
  readonly resource: AnyResource
  readonly desired: unknown
  /** Kept in AWS when the object is deleted, unless the deletion policy says otherwise. */
  readonly retain: boolean
  /** Names of earlier resources of the composition that must outlive this one on deletion. */
  readonly dependsOn: readonly string[]
}

export interface ComposedResource<Out extends string> extends Composed {
  /** The symbol that stands for an output of this resource. */
  output(name: Out): Output
}

export interface ComposedOptions {
  readonly retain?: boolean
  readonly dependsOn?: readonly string[]
}

/** Names one resource of a composition, checks that `desired` fits it, and hands out its symbols. */
export function composed<Desired, Observed, S extends Step, Out extends string>(
  name: string,
  resource: Resource<Desired, Observed, S, Out>,
  desired: Desired,
  options: ComposedOptions = {},
): ComposedResource<Out> {
  return {
    name,
    resource,
    desired,
    retain: options.retain ?? resource.holdsData ?? false,
    dependsOn: options.dependsOn ?? [],
    output: (output) => createOutput(name, output),
  }
}

import type { KubeObject } from '../../../src/kube/cluster.ts'
import type { Thing } from './aws-view.ts'
import type { Memory } from './deeds.ts'
import type { Slot } from './slots.ts'

/** What a verdict looks at: the cluster, AWS, and what is remembered of how it came to that. */
export interface Aftermath extends Readonly<Memory> {
  /** Whether the credentials were those of another account for a while. Absent: not. */
  readonly hasStrayed?: boolean
  object(slot: Slot): KubeObject | undefined
  objects(): readonly (readonly [Slot, KubeObject])[]
  things(): readonly Thing[]
  events(): readonly KubeObject[]
  /** What should not have happened, whatever comes of it. */
  scandals(): readonly string[]
}

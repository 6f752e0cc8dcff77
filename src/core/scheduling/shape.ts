import type { Pod } from './kubernetes.ts'
import type { Attachment } from './volumes.ts'

/** Pods that are alike in all that matters to where they run. */
export interface Shape {
  readonly index: number
  readonly sample: Pod
  /** Indices into the problem's pods. */
  readonly pods: readonly number[]
  /** By the model's resources. */
  readonly requests: Float64Array
  /** Shapes whose pods take the same have the same number. */
  readonly size: number
  /** A number of the model's classes. */
  readonly nodeClass: number
  /** Undefined: it shares a node with whoever fits. */
  readonly host: HostRules | undefined
  /** The same without what it would only like: no plan has to keep to more. */
  readonly strictHost: HostRules | undefined
  /** How much it would like company on its node to be otherwise, in per cent of what its pods are worth. */
  readonly hostLiking: number
  /** Undefined: nothing about it is counted per zone or other domain. */
  readonly domain: DomainRules | undefined
  /** Why it can run nowhere, whatever nodes there are. */
  readonly failure: string | undefined
}

/** What a shape and the pods on one node have to do with each other. Sets are numbers of `PodSets`. */
export interface HostRules {
  /** Of the sets that rules of nodes count, those that it is in. */
  readonly sets: readonly number[]
  /** Spread: so many pods of the set at most, itself included when it is one of them. */
  readonly caps: readonly { readonly set: number; readonly most: number }[]
  /** Anti-affinity. */
  readonly avoids: readonly number[]
  /** Affinity. */
  readonly needs: readonly number[]
  readonly ports: readonly HostPort[]
  readonly attachments: readonly Attachment[]
}

export interface HostPort {
  /** `0.0.0.0` is every address. */
  readonly ip: string
  readonly protocol: string
  readonly port: number
}

/** What a shape and the pods of larger domains have to do with each other. Counters are numbers of the model's. */
export interface DomainRules {
  /** Counters that count it. */
  readonly counted: readonly number[]
  readonly spreads: readonly DomainSpread[]
  /** Counters that must not be zero in its domain. */
  readonly needs: readonly DomainNeed[]
  /** Counters that must be zero in its domain. */
  readonly avoids: readonly number[]
  readonly prefers: readonly { readonly counter: number; readonly weight: number }[]
}

export interface DomainSpread {
  readonly counter: number
  readonly maxSkew: number
  readonly minDomains: number
  /** Whether it counts itself. */
  readonly isSelf: boolean
  readonly isHard: boolean
  /** Domains that count: numbers of the key's values. */
  readonly domains: readonly number[]
}

export interface DomainNeed {
  readonly counter: number
  /** Terms about the same set, over whatever keys, are met together or begun together. */
  readonly set: number
  /** Whether it is of the set that it needs: then the first pod of all may go anywhere. */
  readonly isSelf: boolean
}

/** Pods counted per domain of a key. */
export interface Counter {
  /** A number of `TopologyKeys`. */
  readonly key: number
  /** Places whose pods count; undefined: all. */
  readonly mask: Uint8Array | undefined
  /** Whether somebody wants the domains even. */
  readonly isSpread: boolean
}

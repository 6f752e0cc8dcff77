/** Metadata as longshore uses it; other members pass through untouched. */
export interface ObjectMeta {
  readonly name: string
  readonly namespace?: string
  readonly uid?: string
  readonly resourceVersion?: string
  readonly generation?: number
  readonly creationTimestamp?: string
  readonly deletionTimestamp?: string
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  readonly finalizers?: readonly string[]
  readonly ownerReferences?: readonly OwnerReference[]
}

export interface OwnerReference {
  readonly apiVersion: string
  readonly kind: string
  readonly name: string
  readonly uid: string
  readonly controller?: boolean
}

export interface KubeObject {
  readonly apiVersion: string
  readonly kind: string
  readonly metadata: ObjectMeta
  readonly spec?: unknown
  readonly status?: unknown
}

/** A resource type of the API server: `{ group: 'longshore.dev', version: 'v1alpha1', plural: 'ecsservices' }`. */
export interface ResourceType {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly kind: string
  readonly namespaced: boolean
}

export interface ObjectRef {
  readonly namespace?: string | undefined
  readonly name: string
}

export interface ListOptions {
  readonly namespace?: string | undefined
  readonly labelSelector?: string | undefined
  readonly fieldSelector?: string | undefined
}

export interface ObjectList {
  readonly resourceVersion: string
  readonly continue?: string
  readonly items: readonly KubeObject[]
}

export interface WatchOptions extends ListOptions {
  /** Events after this version; '' only with `sendInitialEvents`. */
  readonly resourceVersion: string
  readonly timeoutSeconds: number
  /**
   * First everything there is, as ADDED events, then a bookmark with `initialEventsEnd`, then the changes. A server
   * without this answers `invalid` (https://kubernetes.io/docs/reference/using-api/api-concepts/#streaming-lists).
   */
  readonly sendInitialEvents?: boolean
  /** Called when the server has accepted the watch: a quiet one may say nothing else for minutes. */
  readonly onOpen?: () => void
}

export type WatchEvent =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string; readonly initialEventsEnd: boolean }

/** A JSON merge patch (RFC 7386). A `metadata.resourceVersion` in it makes the server answer `conflict` when it is old. */
export interface MergePatch {
  readonly body: Readonly<Record<string, unknown>>
  readonly subresource?: 'status' | 'scale'
  readonly fieldManager: string
}

/**
 * The only door to a Kubernetes API server: the real one (`transport.ts`) and an in-memory one for tests implement it.
 * Errors: every method throws `Failure` (`not-found`, `conflict`, `already-exists`, `invalid`, `denied`, `throttled`
 * with `retryAfterSeconds`, `unavailable`, `timeout`, `expired`, `aborted`).
 */
export interface Cluster {
  get(type: ResourceType, ref: ObjectRef, signal: AbortSignal): Promise<KubeObject>
  list(
    type: ResourceType,
    options: ListOptions & { readonly limit?: number; readonly continue?: string; readonly resourceVersion?: string },
    signal: AbortSignal,
  ): Promise<ObjectList>
  /** Events after `resourceVersion`, until the server ends the watch (normal end of the iteration) or fails it. */
  watch(type: ResourceType, options: WatchOptions, signal: AbortSignal): AsyncIterable<WatchEvent>
  create(type: ResourceType, object: KubeObject, fieldManager: string, signal: AbortSignal): Promise<KubeObject>
  mergePatch(type: ResourceType, ref: ObjectRef, patch: MergePatch, signal: AbortSignal): Promise<KubeObject>
  replace(type: ResourceType, object: KubeObject, fieldManager: string, signal: AbortSignal): Promise<KubeObject>
  remove(type: ResourceType, ref: ObjectRef, signal: AbortSignal): Promise<void>
}

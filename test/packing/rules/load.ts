import type { Labels, Metadata, Pod, PodSpec } from '../documents.ts'
import type { Amounts } from './amounts.ts'
import { type HostPort, hostPortsOf } from './host-ports.ts'
import { requestsOf } from './requests.ts'

/** A pod, or the pod of a DaemonSet, with what rules ask of it worked out. */
export interface Load {
  /** `namespace/name`, as plans name it. */
  readonly name: string
  readonly namespace: string
  readonly labels: Labels
  readonly spec: PodSpec
  readonly requests: Amounts
  readonly ports: readonly HostPort[]
  /** The same for pods that selectors cannot tell apart. */
  readonly identity: string
  /** The same for pods that no rule can tell apart: they may change places. */
  readonly shape: string
}

const DEFAULT_NAMESPACE = 'default'

/** `namespace/name`; an object that names no namespace is in `default`. */
export function fullName({ name, namespace = DEFAULT_NAMESPACE }: Metadata): string {
  return `${namespace}/${name}`
}

export function loadFrom(metadata: Metadata, labels: Labels | undefined, spec: PodSpec): Load {
  const namespace = metadata.namespace ?? DEFAULT_NAMESPACE
  const identity = JSON.stringify([namespace, labels ?? {}])
  return {
    name: fullName(metadata),
    namespace,
    labels: labels ?? {},
    spec,
    requests: requestsOf(spec),
    ports: hostPortsOf(spec),
    identity,
    shape: JSON.stringify([identity, spec]),
  }
}

/** "Pod Lifecycle": pods in these phases have ended and take nothing any more. */
const ENDED: ReadonlySet<string> = new Set(['Succeeded', 'Failed'])

export function hasEnded({ status }: Pod): boolean {
  return ENDED.has(status?.phase ?? '')
}

import type { Pod } from '../../../core/scheduling/kubernetes.ts'

/** `namespace/name` of the pods with these numbers. */
export type PodNames = (numbers: Iterable<number>) => readonly string[]

export function podNamesIn(pods: readonly Pod[]): PodNames {
  return (numbers) => Array.from(numbers, (number) => podName(pods[number]))
}

export function podName(pod: Pod | undefined): string {
  return `${pod?.metadata.namespace ?? 'default'}/${pod?.metadata.name ?? ''}`
}

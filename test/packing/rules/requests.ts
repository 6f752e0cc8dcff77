import type { Container, PodSpec, Resources } from '../documents.ts'
import { type Amounts, NOTHING, largerOf, sumOf } from './amounts.ts'
import { countedFrom, nanosFrom } from './quantity.ts'

/**
 * What a pod takes of its node, itself as one of `pods` included. The rule: "Sidecar Containers", resource sharing within
 * containers (the higher of the sum over app containers and sidecars, and of what any init container needs beside the
 * sidecars started before it), and "Pod Overhead". Sums are exact; only the total is rounded up.
 */
export function requestsOf(spec: PodSpec): Amounts {
  const { running, startPeak } = initPhase(spec.initContainers ?? [])
  const steady = sumOf([...spec.containers.map(containerNanos), running])
  const total = sumOf([largerOf(steady, startPeak), nanosOf(spec.overhead)])
  return new Map([...[...total].map(([name, nanos]) => [name, countedFrom(name, nanos)] as const), ['pods', 1n]])
}

/** Sidecars (init containers that restart always) stay and add up; each other init container runs beside those before it. */
function initPhase(containers: readonly Container[]): { readonly running: Amounts; readonly startPeak: Amounts } {
  let running = NOTHING
  let startPeak = NOTHING
  for (const container of containers) {
    const withThis = sumOf([running, containerNanos(container)])
    if (container.restartPolicy === 'Always') running = withThis
    startPeak = largerOf(startPeak, withThis)
  }
  return { running, startPeak }
}

/**
 * "Resource Management for Pods and Containers": a limit without a request is the request, too. The API server writes that
 * into pods, but not into the templates of DaemonSets.
 */
function containerNanos({ resources }: Container): Amounts {
  return nanosOf({ ...resources?.limits, ...resources?.requests })
}

function nanosOf(resources: Resources | undefined): Amounts {
  return new Map(Object.entries(resources ?? {}).map(([name, quantity]) => [name, nanosFrom(quantity)]))
}

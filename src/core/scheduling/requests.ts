import { amountsFrom, type Amounts } from '../quantity.ts'
import type { Container, PodSpec } from './kubernetes.ts'

/**
 * What a pod takes of a node, in the units of `amountFrom`: the larger of its containers with its sidecars and of its
 * largest moment of initialisation, its overhead, and one pod. Source: Kubernetes, "Sidecar Containers", resource sharing
 * within containers; "Pod Overhead"; "Pod-level resources". Throws a `RangeError` for what is no quantity.
 */
export function podRequests(spec: PodSpec): Amounts {
  const { running, starting } = initialPhases(spec)
  for (const container of spec.containers) add(running, containerRequests(container))
  const requests = larger(running, starting)
  const whole = amountsFrom(spec.resources?.requests)
  for (const [resource, amount] of Object.entries(whole)) requests[resource] = amount
  add(requests, amountsFrom(spec.overhead))
  requests['pods'] = 1
  return requests
}

type Mutable = Record<string, number>

/** Initial containers run one by one, each beside the sidecars that were started before it. */
function initialPhases({ initContainers = [] }: PodSpec): { readonly running: Mutable; readonly starting: Mutable } {
  const running: Mutable = {}
  let starting: Mutable = {}
  for (const container of initContainers) {
    const own = containerRequests(container)
    if (container.restartPolicy === 'Always') {
      add(running, own)
      starting = larger(starting, running)
    } else {
      starting = larger(starting, sum(running, own))
    }
  }
  return { running, starting }
}

/** A limit without a request is a request. Source: Kubernetes, "Resource Management for Pods and Containers". */
function containerRequests({ resources }: Container): Amounts {
  if (resources === undefined) return {}
  return amountsFrom(
    resources.limits === undefined ? resources.requests : { ...resources.limits, ...resources.requests },
  )
}

function add(to: Mutable, amounts: Amounts): void {
  for (const resource in amounts) to[resource] = (to[resource] ?? 0) + (amounts[resource] ?? 0)
}

function sum(a: Amounts, b: Amounts): Mutable {
  const total = { ...a }
  add(total, b)
  return total
}

function larger(a: Amounts, b: Amounts): Mutable {
  const largest = { ...a }
  for (const resource in b) largest[resource] = Math.max(largest[resource] ?? 0, b[resource] ?? 0)
  return largest
}

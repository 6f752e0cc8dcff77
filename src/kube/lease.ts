import { failureCodeFrom } from '../core/failure.ts'
import type { Instant } from '../core/ports.ts'
import { malformed } from './errors.ts'
import { memberOf, numberIn, stringIn } from '../core/json.ts'
import { pathOf, withQuery } from './path.ts'
import type { Transport } from './transport.ts'

/** `coordination.k8s.io/v1` Lease, as far as an election uses it. */
export interface Lease {
  /** Empty: nobody holds it. */
  readonly holderIdentity: string
  readonly leaseDurationSeconds: number
  readonly acquireTime: Instant
  readonly renewTime: Instant
  /** How often the holder changed. */
  readonly leaseTransitions: number
}

/** A lease as it was read. */
export interface ReadLease extends Lease {
  readonly version: string
  /** Given back as it came: its version keeps two candidates from overwriting each other, its labels may matter to others. */
  readonly metadata: object
}

/** One lease, on connections of its own. Methods throw `Failure`; `conflict`: another candidate was quicker. */
export interface LeaseClient {
  /** undefined: there is no such lease yet. */
  read(deadlineSeconds: number, signal: AbortSignal): Promise<ReadLease | undefined>
  create(lease: Lease, deadlineSeconds: number, signal: AbortSignal): Promise<ReadLease>
  update(lease: ReadLease, deadlineSeconds: number, signal: AbortSignal): Promise<ReadLease>
}

const LEASES = {
  group: 'coordination.k8s.io',
  version: 'v1',
  plural: 'leases',
  kind: 'Lease',
  namespaced: true,
} as const

export function createLeaseClient(
  transport: Transport,
  {
    namespace,
    name,
    fieldManager,
  }: { readonly namespace: string; readonly name: string; readonly fieldManager: string },
): LeaseClient {
  const path = pathOf(LEASES, { namespace, name })

  async function read(deadlineSeconds: number, signal: AbortSignal): Promise<ReadLease | undefined> {
    const request = { operation: 'GET leases', method: 'GET', path, deadlineSeconds } as const
    try {
      return leaseFrom(await transport.requestForLease(request, signal), request.operation)
    } catch (error) {
      if (failureCodeFrom(error) === 'not-found') return undefined
      throw error
    }
  }

  async function write(
    method: 'POST' | 'PUT',
    lease: Lease & { readonly metadata?: object },
    deadlineSeconds: number,
    signal: AbortSignal,
  ): Promise<ReadLease> {
    const operation = `${method} leases`
    const target = withQuery(method === 'POST' ? pathOf(LEASES, { namespace }) : path, { fieldManager })
    const metadata = lease.metadata ?? { namespace, name }
    const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec: specFrom(lease) }
    const answer = await transport.requestForLease({ operation, method, path: target, body, deadlineSeconds }, signal)
    return leaseFrom(answer, operation)
  }

  return {
    read,
    create: (lease, deadlineSeconds, signal) => write('POST', lease, deadlineSeconds, signal),
    update: (lease, deadlineSeconds, signal) => write('PUT', lease, deadlineSeconds, signal),
  }
}

/** `meta/v1` MicroTime: exactly six digits after the second, or the API server answers 400. */
export function microTimeFrom(instant: Instant): string {
  return new Date(instant).toISOString().replace('Z', '000Z')
}

function specFrom(lease: Lease): object {
  return {
    holderIdentity: lease.holderIdentity,
    leaseDurationSeconds: lease.leaseDurationSeconds,
    acquireTime: microTimeFrom(lease.acquireTime),
    renewTime: microTimeFrom(lease.renewTime),
    leaseTransitions: lease.leaseTransitions,
  }
}

function leaseFrom(answer: unknown, operation: string): ReadLease {
  const metadata = memberOf(answer, 'metadata')
  const spec = memberOf(answer, 'spec')
  const version = stringIn(metadata, 'resourceVersion')
  if (typeof metadata !== 'object' || metadata === null || version === undefined) {
    throw malformed(operation, 'the answer is not a lease')
  }
  return {
    version,
    metadata,
    holderIdentity: stringIn(spec, 'holderIdentity') ?? '',
    leaseDurationSeconds: numberIn(spec, 'leaseDurationSeconds') ?? 0,
    acquireTime: instantFrom(stringIn(spec, 'acquireTime')),
    renewTime: instantFrom(stringIn(spec, 'renewTime')),
    leaseTransitions: numberIn(spec, 'leaseTransitions') ?? 0,
  }
}

function instantFrom(time: string | undefined): Instant {
  const instant = Date.parse(time ?? '')
  return Number.isNaN(instant) ? 0 : instant
}

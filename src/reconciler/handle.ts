import { Failure } from '../core/failure.ts'
import { mergePatchBetween } from '../kube/patch.ts'
import type { Cluster, KubeObject, ResourceType } from '../kube/cluster.ts'
import type { Freshness } from './freshness.ts'
import { FIELD_MANAGER, statusOf, type ObjectStatus } from './managed.ts'

/**
 * The one writer of an object during a pass.
 *
 * Guarantees: writes go out one after the other, each preconditioned on the version that this pass knows (a change by
 * somebody else makes the write fail with `conflict`); a status that would not change is not written.
 */
export interface ObjectHandle {
  /** The newest version that this pass knows. */
  current(): KubeObject
  /** Merge patch of metadata and spec. */
  patch(body: Readonly<Record<string, unknown>>): Promise<void>
  /**
   * Makes sure that what this pass works from is not out of date; throws as a write does when it is. Reads the object,
   * unless a write of this pass has shown it already, or the cache can be trusted.
   */
  confirm(): Promise<void>
  /** Replaces the status by what `next` makes of the newest one. */
  writeStatus(next: (current: ObjectStatus) => ObjectStatus): Promise<void>
}

/** A write to the object itself failed, or would: the pass cannot go on, whatever AWS said. */
export class ObjectWriteError extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.message, { cause: failure })
    this.name = 'ObjectWriteError'
    this.failure = failure
  }
}

interface HandleDeps {
  readonly cluster: Cluster
  readonly type: ResourceType
  readonly remember: (object: KubeObject) => void
  readonly freshness: Freshness
  readonly signal: AbortSignal
}

export function createHandle(object: KubeObject, deps: HandleDeps): ObjectHandle {
  const { cluster, type, remember, freshness, signal } = deps
  let current = object
  let isConfirmed = false
  let tail: Promise<void> = Promise.resolve()

  const inTurn = (write: () => Promise<void>): Promise<void> => {
    const turn = tail.then(write)
    tail = turn.catch(() => undefined)
    return turn
  }
  const send = async (body: Readonly<Record<string, unknown>>, subresource?: 'status'): Promise<void> => {
    const { name, namespace } = current.metadata
    const patch = {
      fieldManager: FIELD_MANAGER,
      ...(subresource && { subresource }),
      body: preconditioned(body, current),
    }
    const written = freshness.sending(current)
    current = await cluster.mergePatch(type, { name, namespace }, patch, signal).catch(rethrow)
    written(current)
    isConfirmed = true
    remember(current)
  }
  const confirm = async (): Promise<void> => {
    if (isConfirmed || freshness.isCurrent(current)) return
    const { name, namespace, resourceVersion } = current.metadata
    const found = await cluster.get(type, { name, namespace }, signal).catch(rethrow)
    isConfirmed = found.metadata.resourceVersion === resourceVersion
    if (isConfirmed) return
    // The next pass need not wait for the cache.
    remember(found)
    throw new ObjectWriteError(new Failure('conflict', `GET ${type.plural}/${name}`))
  }

  return {
    current: () => current,
    patch: (body) => inTurn(() => send(body)),
    confirm: () => inTurn(confirm),
    writeStatus: (next) =>
      inTurn(async () => {
        const status = mergePatchBetween(statusOf(current), next(statusOf(current)))
        if (status !== undefined) await send({ status }, 'status')
      }),
  }
}

function rethrow(error: unknown): never {
  throw error instanceof Failure ? new ObjectWriteError(error) : error
}

function preconditioned(
  body: Readonly<Record<string, unknown>>,
  object: KubeObject,
): Readonly<Record<string, unknown>> {
  const metadata = typeof body['metadata'] === 'object' ? body['metadata'] : {}
  return { ...body, metadata: { ...metadata, resourceVersion: object.metadata.resourceVersion } }
}

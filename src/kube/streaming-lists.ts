import type { FailureCode } from '../core/failure.ts'

/** Whether one API server streams its lists. Shared by all that list from it, so that only the first has to find out. */
export interface StreamingLists {
  isServed(): boolean
  /** Notes why a streaming list failed; answers whether that means that the server has none. */
  failed(code: FailureCode): boolean
}

/**
 * A server without the feature refuses it (422, Kubernetes 1.33 as it is shipped) or, before 1.27, takes it for an
 * ordinary watch and never says that the list is over. Anything else says nothing about the server.
 */
const MEANS_NOT_SERVED: ReadonlySet<FailureCode> = new Set(['invalid', 'timeout'])

export function createStreamingLists(): StreamingLists {
  let isServed = true
  return {
    isServed: () => isServed,
    failed: (code) => {
      if (MEANS_NOT_SERVED.has(code)) isServed = false
      return !isServed
    },
  }
}

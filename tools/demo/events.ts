import type { ApiClient } from '../control-plane/api-client.ts'
import { NAMESPACE, readItems } from './objects.ts'
import type { Screen } from './screen.ts'

/** An event of events.k8s.io/v1. */
interface KubernetesEvent {
  readonly metadata: { readonly uid: string }
  readonly type: string
  readonly reason: string
  readonly note?: string
  readonly regarding?: { readonly kind?: string; readonly name?: string }
}

/** Prints every Kubernetes event once; call it again and again. */
export function createEventLog(api: ApiClient, screen: Screen): () => Promise<void> {
  const shown = new Set<string>()
  return async () => {
    const path = `/apis/events.k8s.io/v1/namespaces/${NAMESPACE}/events`
    for (const event of await readItems<KubernetesEvent>(api, path)) {
      if (!shown.has(event.metadata.uid)) screen.line('event', lineOf(event))
      shown.add(event.metadata.uid)
    }
  }
}

function lineOf({ type, reason, note, regarding }: KubernetesEvent): string {
  return `${regarding?.kind}/${regarding?.name}  ${type === 'Warning' ? 'Warning ' : ''}${reason}  ${note ?? ''}`
}

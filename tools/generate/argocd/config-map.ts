import { stringify } from 'yaml'
import { HEALTH_SCRIPT } from './health-script.ts'

const GROUP = 'longshore.dev'

/** Argo CD's own settings; only what we add to them. */
function configMap(data: Readonly<Record<string, string>>): string {
  const labels = { 'app.kubernetes.io/part-of': 'argocd' }
  const metadata = { name: 'argocd-cm', namespace: 'argocd', labels }
  return stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, { lineWidth: 0 })
}

/** A patch of argocd-cm with a key for each kind: what it does not name stays as it is. */
export function healthByKind(kinds: readonly string[]): string {
  return configMap(
    Object.fromEntries(kinds.map((kind) => [`resource.customizations.health.${GROUP}_${kind}`, HEALTH_SCRIPT])),
  )
}

/**
 * The same for the whole group, kinds to come included. A name of a key in a ConfigMap cannot have a wildcard; the one key
 * that can express it is for all groups, so it fits where nobody uses it for another.
 */
export function healthByGroup(): string {
  const customizations = { [`${GROUP}/*`]: { 'health.lua': HEALTH_SCRIPT } }
  return configMap({ 'resource.customizations': stringify(customizations, { lineWidth: 0 }) })
}

/** The lists of a problem, under their names in the document, and the kinds of the objects in them. */
export const COLLECTIONS = {
  nodePools: ['EksNodePool', 'NodePool'],
  instanceTypes: [],
  overlays: [],
  pods: ['Pod'],
  nodes: ['Node'],
  daemonSets: ['DaemonSet'],
  persistentVolumeClaims: ['PersistentVolumeClaim'],
  persistentVolumes: ['PersistentVolume'],
  storageClasses: ['StorageClass'],
  csiNodes: ['CSINode'],
  namespaces: ['Namespace'],
  podDisruptionBudgets: ['PodDisruptionBudget'],
} as const satisfies Readonly<Record<string, readonly string[]>>

export type Collection = keyof typeof COLLECTIONS

export function isCollection(name: string): name is Collection {
  return Object.hasOwn(COLLECTIONS, name)
}

const BY_KIND: ReadonlyMap<string, Collection> = new Map(
  Object.keys(COLLECTIONS)
    .filter(isCollection)
    .flatMap((collection) => COLLECTIONS[collection].map((kind) => [kind, collection] as const)),
)

/** Where objects of a kind go; undefined: they decide nothing here. */
export function collectionOf(kind: string): Collection | undefined {
  return BY_KIND.get(kind)
}

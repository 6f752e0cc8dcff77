import { HOSTNAME } from './well-known.ts'

/** The number of the key whose domains are single nodes. */
export const HOST = 0

/** Gives keys of node labels that divide nodes into domains numbers; `kubernetes.io/hostname` is `HOST`. */
export interface TopologyKeys {
  indexOf(key: string): number
  all(): readonly string[]
}

export function createTopologyKeys(): TopologyKeys {
  const keys = [HOSTNAME]
  return {
    indexOf: (key) => {
      const known = keys.indexOf(key)
      return known === -1 ? keys.push(key) - 1 : known
    },
    all: () => keys,
  }
}

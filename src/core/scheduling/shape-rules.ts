import type { Pod } from './kubernetes.ts'
import type { Rules, Term } from './rules.ts'
import type { Counter, HostPort, HostRules } from './shape.ts'
import { HOST } from './topology-keys.ts'
import type { VolumeNeeds } from './volumes.ts'

/** Which pods are counted where, gathered from the rules of all pods before any of them is compiled. */
export interface Ledger {
  readonly counters: readonly Counter[]
  /** Sets that rules of single nodes count. */
  readonly hostSets: ReadonlySet<number>
  counterOf(term: Term, by: CountedBy): number
  /** Counters that count the pods of a set. */
  ofSet(set: number): readonly number[]
  /** Counters of pods that want none of a set: they must be zero for its members. */
  avoidersOf(set: number): readonly number[]
}

/** `targets`: the pods of the set; `avoiders`: pods that want none of it; a number: the pods of the set that a spread of this class counts. */
export type CountedBy = 'targets' | 'avoiders' | { readonly text: string; readonly mask: Uint8Array }

export function createLedger(): Ledger & { readonly note: (rules: Rules) => void } {
  const numbers = new Map<string, number>()
  const counters: Counter[] = []
  const bySet = new Map<number, number[]>()
  const avoiders = new Map<number, number[]>()
  const hostSets = new Set<number>()
  const counterOf = ({ set, key }: Term, by: CountedBy): number => {
    const text = `${set}/${key}/${typeof by === 'string' ? by : by.text}`
    const known = numbers.get(text)
    if (known !== undefined) return known
    const number =
      counters.push({ key, mask: typeof by === 'string' ? undefined : by.mask, isSpread: typeof by !== 'string' }) - 1
    numbers.set(text, number)
    append(by === 'avoiders' ? avoiders : bySet, set, number)
    return number
  }
  const note = ({ spreads, needs, avoids, prefers }: Rules): void => {
    for (const { set, key } of [...spreads, ...needs, ...avoids, ...prefers]) if (key === HOST) hostSets.add(set)
  }
  return {
    counters,
    hostSets,
    note,
    counterOf,
    ofSet: (set) => bySet.get(set) ?? [],
    avoidersOf: (set) => avoiders.get(set) ?? [],
  }
}

function append(lists: Map<number, number[]>, key: number, value: number): void {
  const known = lists.get(key)
  if (known === undefined) lists.set(key, [value])
  else known.push(value)
}

/** The rules of a pod about its own node; undefined: there are none. */
export function hostRulesOf(pod: Pod, rules: Rules, of: HostFacts): HostRules | undefined {
  const atHost = ({ key }: Term): boolean => key === HOST
  const sets = of.sets.filter((set) => of.ledger.hostSets.has(set))
  const caps = rules.spreads.filter((spread) => atHost(spread) && (spread.isHard || of.keepsLikes))
  const wishes = of.keepsLikes ? rules.prefers.filter(atHost) : []
  const [liked, disliked] = [wishes.filter(({ weight }) => weight > 0), wishes.filter(({ weight }) => weight < 0)]
  const host: HostRules = {
    sets,
    caps: caps.map(({ set, maxSkew }) => ({ set, most: maxSkew })),
    avoids: [...rules.avoids.filter(atHost), ...disliked].map(({ set }) => set),
    needs: [...rules.needs.filter(atHost), ...liked].map(({ set }) => set),
    ports: hostPortsOf(pod),
    attachments: of.volumes.attachments,
  }
  return Object.values(host).every((list) => list.length === 0) ? undefined : host
}

export interface HostFacts {
  /** Sets that the pod is in. */
  readonly sets: readonly number[]
  readonly ledger: Ledger
  readonly volumes: Pick<VolumeNeeds, 'attachments'>
  /** Whether soft spread, affinity and anti-affinity count as if they were hard. */
  readonly keepsLikes: boolean
}

/** A `ScheduleAnyway` spread weighs as much as the heaviest preference. */
const SPREAD_WEIGHT = 100

/** How much a pod's wishes about company on its own node weigh: 100 at most. */
export function hostLikingOf({ spreads, prefers }: Rules): number {
  const spread = spreads.some(({ key, isHard }) => key === HOST && !isHard) ? SPREAD_WEIGHT : 0
  const wishes = prefers.filter(({ key }) => key === HOST).map(({ weight }) => Math.abs(weight))
  return Math.max(spread, ...wishes)
}

/** Ports that a pod takes of its node. Sidecars keep theirs, other initial containers give them back. */
function hostPortsOf({ spec }: Pod): readonly HostPort[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always')
  return [...spec.containers, ...sidecars]
    .flatMap(({ ports = [] }) => ports)
    .flatMap(({ hostPort = 0, containerPort = 0, hostIP = '', protocol = 'TCP' }) => {
      const port = hostPort === 0 && spec.hostNetwork === true ? containerPort : hostPort
      return port === 0 ? [] : [{ ip: hostIP === '' ? '0.0.0.0' : hostIP, protocol, port }]
    })
}

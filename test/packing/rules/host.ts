import type { Labels, Taint } from '../documents.ts'
import type { Amounts } from './amounts.ts'
import { matchesNodeSelector, valueOf } from './label-query.ts'
import type { Load } from './load.ts'
import { untolerated } from './tolerations.ts'

/** A node, running or planned. */
export interface Host {
  readonly name: string
  readonly isRunning: boolean
  readonly labels: Labels
  /** Start-up taints are not among them: they do not keep pods off. */
  readonly taints: readonly Taint[]
  /** Start-up taints that a running node still has. Nobody is blamed for not using such a node yet. */
  readonly startupTaints: readonly Taint[]
  readonly allocatable: Amounts
  /** The pods of DaemonSets that will come to run here and do not yet. */
  readonly daemons: readonly Load[]
  /** Most volumes of a CSI driver; a driver that is not named has no limit. */
  readonly attachLimits: ReadonlyMap<string, number>
}

/** "Assigning Pods to Nodes": the selector and the required affinity must both match. */
export function isSelected({ spec }: Load, host: Pick<Host, 'name' | 'labels'>): boolean {
  const pairs = Object.entries(spec.nodeSelector ?? {})
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  return (
    pairs.every(([key, value]) => valueOf(host.labels, key) === value) &&
    (required === undefined || matchesNodeSelector(required, host))
  )
}

/** Why a pod may not run on a host whatever else runs there. */
export function standingComplaints(load: Load, host: Host): readonly string[] {
  const taints = untolerated(host.taints, load.spec.tolerations)
  return [
    ...(isSelected(load, host) ? [] : ['node selector or required node affinity does not match']),
    ...taints.map(({ key, value = '', effect }) => `taint ${key}=${value}:${effect} is not tolerated`),
  ]
}

import type { AffinityTerm, Container, Expression, PodSpec, SpreadConstraint } from '../documents.ts'
import {
  ARCH,
  CAPACITY,
  GPU,
  NAMESPACES,
  NODE_LABELS,
  TAINTS,
  TOPOLOGY_KEYS,
  ZONE,
  ZONES,
  pick,
  selectorOf,
} from './vocabulary.ts'
import type { ExpressionWords, FeatureWords, TargetWords } from './words.ts'

/** Who a feature is for. */
export interface FeatureOwner {
  readonly app: string
  readonly cpuMillis: (index: number) => string
}

/** A pod with one more feature; storage is another matter, since it makes objects of its own. */
export function withFeature(spec: PodSpec, feature: FeatureWords, owner: FeatureOwner): PodSpec {
  switch (feature.type) {
    case 'select': {
      const { key, values } = pick(NODE_LABELS, feature.key)
      return { ...spec, nodeSelector: { ...spec.nodeSelector, [key]: pick(values, feature.value) } }
    }
    case 'node-affinity':
      return withNodeAffinity(spec, feature.terms)
    case 'tolerate':
      return { ...spec, tolerations: [...(spec.tolerations ?? []), tolerationOf(feature.taint)] }
    case 'spread':
      return withSpread(spec, spreadFrom(feature, owner))
    case 'near':
    case 'apart':
      return withTerm(spec, feature, owner)
    case 'port':
      return withPort(spec, feature)
    case 'gpu':
      return withRequest(spec, GPU, '1')
    case 'init':
    case 'sidecar':
    case 'overhead':
      return withPhase(spec, feature, owner)
    case 'prefer':
      return withPreference(spec, feature)
    case 'volume':
      return spec
  }
}

function withNodeAffinity(spec: PodSpec, terms: readonly (readonly ExpressionWords[])[]): PodSpec {
  const nodeSelectorTerms = terms.map((lines) => ({ matchExpressions: lines.map(expressionFrom) }))
  const nodeAffinity = {
    ...spec.affinity?.nodeAffinity,
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
  }
  return { ...spec, affinity: { ...spec.affinity, nodeAffinity } }
}

function expressionFrom({ key, operator, values }: ExpressionWords): Expression {
  const label = pick(NODE_LABELS, key)
  switch (operator) {
    case 'In':
    case 'NotIn':
      return { key: label.key, operator, values: [...new Set(values.map((value) => pick(label.values, value)))] }
    case 'Exists':
    case 'DoesNotExist':
      return { key: label.key, operator }
    case 'Gt':
    case 'Lt':
      return { key: 'longshore.dev/instance-cpu', operator, values: [operator === 'Gt' ? '2' : '9'] }
  }
}

function tolerationOf(taint: number) {
  const { key, value = '' } = pick(TAINTS, taint)
  return taint === 2 ? { operator: 'Exists' } : { key, value }
}

const POLICIES: readonly [Partial<SpreadConstraint>, ...Partial<SpreadConstraint>[]] = [
  {},
  {},
  {},
  { nodeAffinityPolicy: 'Ignore' },
  { nodeTaintsPolicy: 'Honor' },
  { nodeAffinityPolicy: 'Ignore', nodeTaintsPolicy: 'Honor' },
]

function spreadFrom(words: FeatureWords & { readonly type: 'spread' }, { app }: FeatureOwner): SpreadConstraint {
  const { key, maxSkew, minDomains, target, soft, policies, byRevision } = words
  return {
    maxSkew,
    topologyKey: pick(TOPOLOGY_KEYS, key),
    whenUnsatisfiable: soft ? 'ScheduleAnyway' : 'DoNotSchedule',
    labelSelector: selectorOf(target, app),
    ...(minDomains !== undefined && !soft && { minDomains }),
    ...pick(POLICIES, policies),
    ...(byRevision && { matchLabelKeys: ['revision'] }),
  }
}

/** The API server takes one constraint for a key and a kind. */
function withSpread(spec: PodSpec, constraint: SpreadConstraint): PodSpec {
  const others = (spec.topologySpreadConstraints ?? []).filter(
    ({ topologyKey, whenUnsatisfiable }) =>
      topologyKey !== constraint.topologyKey || whenUnsatisfiable !== constraint.whenUnsatisfiable,
  )
  return { ...spec, topologySpreadConstraints: [...others, constraint] }
}

function termFrom(key: number, target: TargetWords, app: string): AffinityTerm {
  return {
    topologyKey: pick(TOPOLOGY_KEYS, key),
    labelSelector: selectorOf(target, app),
    ...namespacesOf(target),
    ...(target.keys === 'match' && { matchLabelKeys: ['revision'] }),
    ...(target.keys === 'mismatch' && { mismatchLabelKeys: ['revision'] }),
  }
}

function namespacesOf({ namespaces }: TargetWords): Partial<AffinityTerm> {
  switch (namespaces) {
    case 'own':
      return {}
    case 'all':
      return { namespaceSelector: {} }
    case 'prod':
      return { namespaceSelector: { matchLabels: { stage: 'prod' } } }
    case 'other':
      return { namespaces: [NAMESPACES[1]] }
  }
}

function withTerm(
  spec: PodSpec,
  words: FeatureWords & { readonly type: 'near' | 'apart' },
  owner: FeatureOwner,
): PodSpec {
  const field = words.type === 'near' ? 'podAffinity' : 'podAntiAffinity'
  const before = spec.affinity?.[field]
  const term = termFrom(words.key, words.target, owner.app)
  const soft = before?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  const hard = before?.requiredDuringSchedulingIgnoredDuringExecution ?? []
  const after = words.soft
    ? { ...before, preferredDuringSchedulingIgnoredDuringExecution: [...soft, { weight: 10, podAffinityTerm: term }] }
    : { ...before, requiredDuringSchedulingIgnoredDuringExecution: [...hard, term] }
  return { ...spec, affinity: { ...spec.affinity, [field]: after } }
}

const ADDRESSES: readonly [object, ...object[]] = [{}, {}, { hostIP: '10.0.0.1' }]

function withPort(spec: PodSpec, { port, address, udp }: FeatureWords & { readonly type: 'port' }): PodSpec {
  const claimed = {
    containerPort: 80,
    hostPort: 8000 + port,
    ...pick(ADDRESSES, address),
    ...(udp && { protocol: 'UDP' }),
  }
  return withContainer(spec, (container) => ({ ...container, ports: [...(container.ports ?? []), claimed] }))
}

function withRequest(spec: PodSpec, resource: string, amount: string): PodSpec {
  return withContainer(spec, (container) => ({
    ...container,
    resources: { ...container.resources, requests: { ...container.resources?.requests, [resource]: amount } },
  }))
}

function withContainer(spec: PodSpec, change: (container: Container) => Container): PodSpec {
  return {
    ...spec,
    containers: spec.containers.map((container, index) => (index === 0 ? change(container) : container)),
  }
}

function withPhase(
  spec: PodSpec,
  { type, cpu, first }: FeatureWords & { readonly type: 'init' | 'sidecar' | 'overhead' },
  { cpuMillis }: FeatureOwner,
): PodSpec {
  const requests = { cpu: cpuMillis(cpu), memory: '64Mi' }
  if (type === 'overhead') return { ...spec, overhead: requests }
  const before = spec.initContainers ?? []
  const container: Container = {
    name: `${type}-${before.length}`,
    resources: { requests },
    ...(type === 'sidecar' && { restartPolicy: 'Always' }),
  }
  return { ...spec, initContainers: first ? [container, ...before] : [...before, container] }
}

/** Preferences that cannot all be kept; a plan may break them. */
function withPreference(spec: PodSpec, { zone, weight }: FeatureWords & { readonly type: 'prefer' }): PodSpec {
  const lines = [
    { key: ZONE, operator: 'In', values: [pick(ZONES, zone)] },
    { key: ARCH, operator: 'In', values: ['riscv'] },
    { key: CAPACITY, operator: 'In', values: ['spot'] },
  ]
  const preferred = lines.map((expression) => ({ weight, preference: { matchExpressions: [expression] } }))
  const nodeAffinity = { ...spec.affinity?.nodeAffinity, preferredDuringSchedulingIgnoredDuringExecution: preferred }
  return { ...spec, affinity: { ...spec.affinity, nodeAffinity } }
}

import type { Affinity, AffinityTerm, PodSpec, SpreadConstraint } from '../documents.ts'
import type { Mutation } from './mutation.ts'
import { type PlanCase, pairOf, podOf, seatsOf, withInput, withMainContainer, withPod } from './plan-case.ts'

const HOSTNAME = 'kubernetes.io/hostname'
const ZONE = 'topology.kubernetes.io/zone'

/** Pods that no longer get along with each other, with their volumes or with their node. */
export const WRONG_NEIGHBOURS: readonly Mutation[] = [
  {
    kind: 'a pod selects another zone',
    rule: 'selection',
    apply: (plan) =>
      onSeat(plan, (pod) =>
        withPod(plan, pod, ({ nodeSelector }) => ({ nodeSelector: { ...nodeSelector, [ZONE]: 'zone-z' } })),
      ),
  },
  {
    kind: "a pod's affinity excludes every architecture",
    rule: 'selection',
    apply: (plan) =>
      onSeat(plan, (pod) => {
        const expression = { key: 'kubernetes.io/arch', operator: 'NotIn', values: ['amd64', 'arm64'] }
        const required = { nodeSelectorTerms: [{ matchExpressions: [expression] }] }
        const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: required }
        return withPod(plan, pod, ({ affinity }) => ({ affinity: { ...affinity, nodeAffinity } }))
      }),
  },
  {
    kind: 'two pods of a node want one host port',
    rule: 'port',
    apply: (plan) =>
      onPair(plan, (one, other) =>
        [one, other].reduce(
          (spoilt, pod) =>
            withMainContainer(spoilt, pod, (container) => ({
              ...container,
              ports: [{ containerPort: 99, hostPort: 9999 }],
            })),
          plan,
        ),
      ),
  },
  {
    kind: 'a pod cannot stand its neighbour',
    rule: 'anti-affinity',
    apply: (plan) => onPair(plan, (one) => withAntiTerm(plan, one, { topologyKey: HOSTNAME })),
  },
  {
    kind: 'a pod cannot stand its neighbour across namespaces',
    rule: 'anti-affinity',
    apply: (plan) =>
      onPair(plan, (_, other) => withAntiTerm(plan, other, { topologyKey: HOSTNAME, namespaceSelector: {} })),
  },
  {
    kind: 'a running pod cannot stand anybody in its zone',
    rule: 'anti-affinity',
    apply: (plan) => {
      const seat = plan.output.existing.find(({ pods }) => pods.length > 0)
      if (!seat) return undefined
      const guard: PodSpec = {
        nodeName: seat.node,
        containers: [],
        affinity: antiAffinity({ topologyKey: ZONE, labelSelector: {}, namespaceSelector: {} }),
      }
      const pod = { metadata: { name: 'guard', namespace: 'elsewhere' }, spec: guard }
      return withInput(plan, { pods: [...plan.input.pods, pod] })
    },
  },
  {
    kind: 'a pod wants to be near nobody there is',
    rule: 'arrival',
    apply: (plan) =>
      onSeat(plan, (pod) => {
        const term = { topologyKey: ZONE, labelSelector: { matchLabels: { app: 'nobody' } } }
        const podAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [term] }
        return withPod(plan, pod, ({ affinity }) => ({ affinity: { ...affinity, podAffinity } }))
      }),
  },
  {
    kind: 'two pods of a node must be spread over hosts',
    rule: 'arrival',
    apply: (plan) => onPair(plan, (one, other) => withSpread(withSpread(plan, one, HOSTNAME), other, HOSTNAME)),
  },
  {
    kind: 'two pods of a node must be spread over more zones than there are',
    rule: 'arrival',
    apply: (plan) =>
      onPair(plan, (one, other) =>
        withSpread(withSpread(plan, one, ZONE, { minDomains: 9 }), other, ZONE, { minDomains: 9 }),
      ),
  },
  {
    kind: 'a pod is spread over a label that its node lacks',
    rule: 'arrival',
    apply: (plan) => onSeat(plan, (pod) => withSpread(plan, pod, 'example.com/no-such-label')),
  },
  {
    kind: 'the volume of a pod is elsewhere',
    rule: 'volume',
    apply: (plan) =>
      onSeat(plan, (pod) => {
        const expression = { key: ZONE, operator: 'In', values: ['zone-z'] }
        const required = { nodeSelectorTerms: [{ matchExpressions: [expression] }] }
        const volume = { metadata: { name: 'pv-far' }, spec: { nodeAffinity: { required } } }
        const spoilt = withClaim(plan, pod, { volumeName: 'pv-far' })
        return withInput(spoilt, { persistentVolumes: [...(plan.input.persistentVolumes ?? []), volume] })
      }),
  },
  {
    kind: 'a claim is missing',
    rule: 'volume',
    apply: (plan) =>
      onSeat(plan, (pod) => {
        // Of a document without any claims it is not certain that there are none.
        const spoilt = withClaim(plan, pod, { storageClassName: 'disk' })
        return withPod(spoilt, pod, ({ volumes = [] }) => ({
          volumes: [...volumes, { name: 'lost', persistentVolumeClaim: { claimName: 'lost' } }],
        }))
      }),
  },
  {
    kind: 'two pods share a claim for one pod',
    rule: 'volume',
    apply: (plan) =>
      onPair(plan, (one, other) => {
        const spec = { storageClassName: 'disk', accessModes: ['ReadWriteOncePod'] }
        return withClaim(withClaim(plan, one, spec), other, spec)
      }),
  },
  {
    kind: 'a running node takes no volume more',
    rule: 'attach-limit',
    apply: (plan) => {
      const [seat] = plan.output.existing
      const [pod] = seat?.pods ?? []
      if (!seat || pod === undefined) return undefined
      const drivers = [{ name: 'ebs.csi.aws.com', allocatable: { count: 0 } }]
      const spoilt = withClaim(plan, pod, { storageClassName: 'disk', accessModes: ['ReadWriteOnce'] })
      return withInput(spoilt, { csiNodes: [{ metadata: { name: seat.node }, spec: { drivers } }] })
    },
  },
]

function onSeat(plan: PlanCase, change: (pod: string) => PlanCase): PlanCase | undefined {
  const [seat] = seatsOf(plan)
  return seat && change(seat.pod)
}

/** Two pods of one namespace on one new node. */
function onPair(plan: PlanCase, change: (one: string, other: string) => PlanCase): PlanCase | undefined {
  const [, one, other] = pairOf(plan) ?? []
  if (one === undefined || other === undefined) return undefined
  const isTogether = podOf(plan, one).metadata.namespace === podOf(plan, other).metadata.namespace
  return isTogether ? change(one, other) : undefined
}

function antiAffinity(term: AffinityTerm): Affinity {
  return { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } }
}

function withAntiTerm(plan: PlanCase, pod: string, term: AffinityTerm): PlanCase {
  return withPod(plan, pod, ({ affinity }) => ({
    affinity: { ...affinity, ...antiAffinity({ labelSelector: {}, ...term }) },
  }))
}

function withSpread(plan: PlanCase, pod: string, topologyKey: string, more: Partial<SpreadConstraint> = {}): PlanCase {
  const constraint = { maxSkew: 1, topologyKey, whenUnsatisfiable: 'DoNotSchedule', labelSelector: {}, ...more }
  return withPod(plan, pod, () => ({ topologySpreadConstraints: [constraint] }))
}

/** A pod with one claim more, which is there. */
function withClaim(
  plan: PlanCase,
  pod: string,
  spec: { readonly volumeName?: string; readonly storageClassName?: string; readonly accessModes?: readonly string[] },
): PlanCase {
  const { namespace = 'default' } = podOf(plan, pod).metadata
  const spoilt = withPod(plan, pod, ({ volumes = [] }) => ({
    volumes: [...volumes, { name: 'more', persistentVolumeClaim: { claimName: 'more' } }],
  }))
  const claim = { metadata: { name: 'more', namespace }, spec }
  return withInput(spoilt, { persistentVolumeClaims: [...(plan.input.persistentVolumeClaims ?? []), claim] })
}

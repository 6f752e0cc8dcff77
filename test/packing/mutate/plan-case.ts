import type {
  Container,
  InstanceType,
  NewNode,
  Node,
  NodePool,
  PackInput,
  PackOutput,
  Pod,
  PodSpec,
} from '../documents.ts'

/** A problem and a plan for it. */
export interface PlanCase {
  readonly input: PackInput
  readonly output: PackOutput
}

/** Cases with one thing changed. What a change is not about stays as it is. */
export function withOutput({ input, output }: PlanCase, change: Partial<PackOutput>): PlanCase {
  return { input, output: { ...output, ...change } }
}

export function withInput({ input, output }: PlanCase, change: Partial<PackInput>): PlanCase {
  return { input: { ...input, ...change }, output }
}

export function withNewNode(plan: PlanCase, name: string, change: (node: NewNode) => Partial<NewNode>): PlanCase {
  const newNodes = plan.output.newNodes.map((node) => (node.name === name ? { ...node, ...change(node) } : node))
  return withOutput(plan, { newNodes })
}

export function withPod(plan: PlanCase, name: string, change: (spec: PodSpec) => Partial<PodSpec>): PlanCase {
  const pods = plan.input.pods.map((pod) =>
    podName(pod) === name ? { ...pod, spec: { ...pod.spec, ...change(pod.spec) } } : pod,
  )
  return withInput(plan, { pods })
}

export function withMainContainer(plan: PlanCase, name: string, change: (container: Container) => Container): PlanCase {
  return withPod(plan, name, ({ containers: [main, ...others] }) => ({
    containers: main === undefined ? [] : [change(main), ...others],
  }))
}

export function withType(
  plan: PlanCase,
  name: string,
  change: (type: InstanceType) => Partial<InstanceType>,
): PlanCase {
  const instanceTypes = plan.input.instanceTypes.map((type) =>
    type.name === name ? { ...type, ...change(type) } : type,
  )
  return withInput(plan, { instanceTypes })
}

export function withPool(plan: PlanCase, name: string, change: (spec: NodePool['spec']) => NodePool['spec']): PlanCase {
  const nodePools = (plan.input.nodePools ?? []).map((pool) =>
    pool.metadata.name === name ? { ...pool, spec: change(pool.spec) } : pool,
  )
  return withInput(plan, { nodePools })
}

export function withNode(plan: PlanCase, name: string, change: (node: Node) => Partial<Node>): PlanCase {
  const nodes = (plan.input.nodes ?? []).map((node) =>
    node.metadata.name === name ? { ...node, ...change(node) } : node,
  )
  return withInput(plan, { nodes })
}

export function podName({ metadata: { name, namespace = 'default' } }: Pod): string {
  return `${namespace}/${name}`
}

export function podOf({ input }: PlanCase, name: string): Pod {
  const pod = input.pods.find((one) => podName(one) === name)
  if (!pod) throw new Error(`no pod ${name}`)
  return pod
}

/** Pods that the plan puts somewhere, with the node. */
export function seatsOf({ output }: PlanCase): readonly { readonly node: string; readonly pod: string }[] {
  return [
    ...output.newNodes.flatMap(({ name, pods }) => pods.map((pod) => ({ node: name, pod }))),
    ...output.existing.flatMap(({ node, pods }) => pods.map((pod) => ({ node, pod }))),
  ]
}

/** A pod that asks nothing of others, of storage or of nodes. */
export function isPlain(pod: Pod): boolean {
  const { affinity, topologySpreadConstraints, volumes, nodeSelector, tolerations } = pod.spec
  return !affinity && !topologySpreadConstraints && !volumes && !nodeSelector && !tolerations
}

/** Two pods on one new node. */
export function pairOf({ output }: PlanCase): readonly [NewNode, string, string] | undefined {
  for (const node of output.newNodes) {
    const [one, other] = node.pods
    if (one !== undefined && other !== undefined) return [node, one, other]
  }
  return undefined
}

import * as z from 'zod'
import {
  hasNumber,
  hasValues,
  labels,
  listOf,
  name,
  objectOf,
  oneOf,
  resourceList,
  taint,
  text,
  whole,
} from './basics.ts'

/** Karpenter's operators: those of Kubernetes and two that include the number itself. */
const requirement = objectOf({
  key: name,
  operator: oneOf('In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt', 'Gte', 'Lte'),
  values: listOf(text).exactOptional(),
  minValues: whole(1, 50).exactOptional(),
})
  .refine(hasValues, { path: ['values'], error: 'at least one value for In and NotIn' })
  .refine(hasNumber, { path: ['values'], error: 'one whole number for Gt, Lt, Gte and Lte' })

/** What decides about nodes in an EksNodePool, and in a NodePool of karpenter.sh/v1, whose shape it has. */
export const nodePool = objectOf({
  apiVersion: z
    .string()
    .regex(/^(longshore\.dev|karpenter\.sh)\//, 'longshore.dev/v1alpha1 or karpenter.sh/v1')
    .exactOptional(),
  kind: oneOf('EksNodePool', 'NodePool').exactOptional(),
  metadata: objectOf({ name }),
  spec: objectOf({
    template: objectOf({
      metadata: objectOf({ labels: labels.exactOptional() }).exactOptional(),
      spec: objectOf({
        requirements: listOf(requirement).exactOptional(),
        taints: listOf(taint).exactOptional(),
        startupTaints: listOf(taint).exactOptional(),
      }).exactOptional(),
    }).exactOptional(),
    weight: whole(0, 100).exactOptional(),
    limits: resourceList.exactOptional(),
  }).exactOptional(),
})
export type NodePoolManifest = z.infer<typeof nodePool>

import * as z from 'zod'
import type { Container, PodMetadata, PodSpec } from '../../../../core/scheduling/kubernetes.ts'
import {
  flag,
  labels,
  labelSelector,
  listOf,
  name,
  nodeRequirement,
  objectOf,
  oneOf,
  resourceList,
  text,
  whole,
} from './basics.ts'

// The fields of a pod that decide where it may run. Source: Kubernetes API reference v1.34, core/v1.

const port = whole(0, 65_535)

const container = objectOf({
  resources: objectOf({
    requests: resourceList.exactOptional(),
    limits: resourceList.exactOptional(),
  }).exactOptional(),
  ports: listOf(
    objectOf({
      containerPort: port.exactOptional(),
      hostPort: port.exactOptional(),
      hostIP: text.exactOptional(),
      protocol: text.exactOptional(),
    }),
  ).exactOptional(),
  restartPolicy: text.exactOptional(),
}) satisfies z.ZodType<Container>

const weight = whole(1, 100)

const nodeSelectorTerm = objectOf({
  matchExpressions: listOf(nodeRequirement).exactOptional(),
  matchFields: listOf(nodeRequirement).exactOptional(),
})

export const nodeSelector = objectOf({ nodeSelectorTerms: listOf(nodeSelectorTerm) })

const podAffinityTerm = objectOf({
  topologyKey: name,
  labelSelector: labelSelector.exactOptional(),
  namespaces: listOf(text).exactOptional(),
  namespaceSelector: labelSelector.exactOptional(),
  matchLabelKeys: listOf(text).exactOptional(),
  mismatchLabelKeys: listOf(text).exactOptional(),
})

const podAffinity = objectOf({
  requiredDuringSchedulingIgnoredDuringExecution: listOf(podAffinityTerm).exactOptional(),
  preferredDuringSchedulingIgnoredDuringExecution: listOf(objectOf({ weight, podAffinityTerm })).exactOptional(),
})

const affinity = objectOf({
  nodeAffinity: objectOf({
    requiredDuringSchedulingIgnoredDuringExecution: nodeSelector.exactOptional(),
    preferredDuringSchedulingIgnoredDuringExecution: listOf(
      objectOf({ weight, preference: nodeSelectorTerm }),
    ).exactOptional(),
  }).exactOptional(),
  podAffinity: podAffinity.exactOptional(),
  podAntiAffinity: podAffinity.exactOptional(),
})

const topologySpreadConstraint = objectOf({
  topologyKey: name,
  maxSkew: whole(1, 2 ** 31 - 1),
  whenUnsatisfiable: oneOf('DoNotSchedule', 'ScheduleAnyway'),
  labelSelector: labelSelector.exactOptional(),
  minDomains: whole(1, 2 ** 31 - 1).exactOptional(),
  nodeAffinityPolicy: oneOf('Honor', 'Ignore').exactOptional(),
  nodeTaintsPolicy: oneOf('Honor', 'Ignore').exactOptional(),
  matchLabelKeys: listOf(text).exactOptional(),
})

const toleration = objectOf({
  key: text.exactOptional(),
  operator: oneOf('Exists', 'Equal', 'Lt', 'Gt').exactOptional(),
  value: text.exactOptional(),
  effect: text.exactOptional(),
})

export const claimSpec = objectOf({
  storageClassName: text.exactOptional(),
  volumeName: text.exactOptional(),
  accessModes: listOf(text).exactOptional(),
})

const volume = objectOf({
  name,
  persistentVolumeClaim: objectOf({ claimName: name }).exactOptional(),
  ephemeral: objectOf({
    volumeClaimTemplate: objectOf({ spec: claimSpec.exactOptional() }).exactOptional(),
  }).exactOptional(),
})

export const podSpec = objectOf({
  nodeName: text.exactOptional(),
  containers: listOf(container),
  initContainers: listOf(container).exactOptional(),
  overhead: resourceList.exactOptional(),
  resources: objectOf({ requests: resourceList.exactOptional() }).exactOptional(),
  hostNetwork: flag.exactOptional(),
  priority: z.int('a whole number').exactOptional(),
  nodeSelector: labels.exactOptional(),
  affinity: affinity.exactOptional(),
  tolerations: listOf(toleration).exactOptional(),
  topologySpreadConstraints: listOf(topologySpreadConstraint).exactOptional(),
  volumes: listOf(volume).exactOptional(),
}) satisfies z.ZodType<PodSpec>

export const podMetadata = objectOf({
  name,
  namespace: text.exactOptional(),
  labels: labels.exactOptional(),
  annotations: labels.exactOptional(),
  ownerReferences: listOf(objectOf({ kind: text, name: text, controller: flag.exactOptional() })).exactOptional(),
  deletionTimestamp: text.exactOptional(),
}) satisfies z.ZodType<PodMetadata>

import * as z from 'zod'
import type {
  CsiNode,
  DaemonSet,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  StorageClass,
} from '../../../../core/scheduling/kubernetes.ts'
import {
  flag,
  labels,
  labelSelector,
  listOf,
  name,
  objectOf,
  resourceList,
  shareOrCount,
  taint,
  text,
  whole,
} from './basics.ts'
import { claimSpec, nodeSelector, podSpec } from './pod.ts'

// What pods run on and with. Source: Kubernetes API reference v1.34: core/v1, apps/v1, policy/v1, storage.k8s.io/v1.

export const node = objectOf({
  metadata: objectOf({
    name,
    labels: labels.exactOptional(),
    annotations: labels.exactOptional(),
    deletionTimestamp: text.exactOptional(),
  }),
  spec: objectOf({
    taints: listOf(taint).exactOptional(),
    unschedulable: flag.exactOptional(),
  }).exactOptional(),
  status: objectOf({
    capacity: resourceList.exactOptional(),
    allocatable: resourceList.exactOptional(),
    conditions: listOf(objectOf({ type: text, status: text })).exactOptional(),
  }).exactOptional(),
}) satisfies z.ZodType<Node>

export const daemonSet = objectOf({
  metadata: objectOf({ name, namespace: text.exactOptional() }),
  spec: objectOf({
    template: objectOf({
      metadata: objectOf({ labels: labels.exactOptional() }).exactOptional(),
      spec: podSpec,
    }),
  }),
}) satisfies z.ZodType<DaemonSet>

export const persistentVolumeClaim = objectOf({
  metadata: objectOf({ name, namespace: text.exactOptional() }),
  spec: claimSpec,
}) satisfies z.ZodType<PersistentVolumeClaim>

export const persistentVolume = objectOf({
  metadata: objectOf({ name }),
  spec: objectOf({
    csi: objectOf({ driver: name, volumeHandle: text.exactOptional() }).exactOptional(),
    nodeAffinity: objectOf({ required: nodeSelector.exactOptional() }).exactOptional(),
    storageClassName: text.exactOptional(),
  }),
}) satisfies z.ZodType<PersistentVolume>

export const storageClass = objectOf({
  metadata: objectOf({ name, annotations: labels.exactOptional() }),
  provisioner: text,
  volumeBindingMode: text.exactOptional(),
  allowedTopologies: listOf(
    objectOf({
      matchLabelExpressions: listOf(objectOf({ key: name, values: listOf(text) })).exactOptional(),
    }),
  ).exactOptional(),
}) satisfies z.ZodType<StorageClass>

export const csiNode = objectOf({
  metadata: objectOf({ name }),
  spec: objectOf({
    drivers: listOf(
      objectOf({
        name,
        allocatable: objectOf({ count: whole(0, 2 ** 31 - 1).exactOptional() }).exactOptional(),
      }),
    ).exactOptional(),
  }),
}) satisfies z.ZodType<CsiNode>

export const namespace = objectOf({
  metadata: objectOf({ name, labels: labels.exactOptional() }),
}) satisfies z.ZodType<Namespace>

export const podDisruptionBudget = objectOf({
  metadata: objectOf({ name, namespace: text.exactOptional() }),
  spec: objectOf({
    selector: labelSelector.exactOptional(),
    minAvailable: shareOrCount.exactOptional(),
    maxUnavailable: shareOrCount.exactOptional(),
  }),
  status: objectOf({ disruptionsAllowed: whole(0, 2 ** 31 - 1).exactOptional() }).exactOptional(),
}) satisfies z.ZodType<PodDisruptionBudget>

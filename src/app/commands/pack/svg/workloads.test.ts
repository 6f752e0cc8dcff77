import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Pod, PodMetadata } from '../../../../core/scheduling/kubernetes.ts'
import { workloadName, workloadsIn } from './workloads.ts'

function podOf(metadata: Partial<PodMetadata>): Pod {
  return { metadata: { name: 'x', ...metadata }, spec: { containers: [] } }
}

function owned(kind: string, name: string): Partial<PodMetadata> {
  return { ownerReferences: [{ kind, name }] }
}

describe('a pod belongs to', () => {
  for (const { fact, metadata, name } of [
    { fact: 'the Deployment of its ReplicaSet', metadata: owned('ReplicaSet', 'web-5d8f7c9b6f'), name: 'default/web' },
    { fact: 'its StatefulSet', metadata: owned('StatefulSet', 'db-0'), name: 'default/db-0' },
    { fact: 'its Job', metadata: owned('Job', 'import'), name: 'default/import' },
    { fact: 'the CronJob of its Job', metadata: owned('Job', 'import-29384756'), name: 'default/import' },
    { fact: 'the DaemonSets', metadata: owned('DaemonSet', 'cni'), name: 'DaemonSets' },
    {
      fact: 'what its label says when nobody owns it',
      metadata: { namespace: 'a', labels: { app: 'web' } },
      name: 'a/web',
    },
    { fact: 'what its name says then', metadata: { name: 'web-5d8f7c9b6f-abcde' }, name: 'default/web' },
    { fact: 'what its name says without a number', metadata: { name: 'web-12' }, name: 'default/web' },
    { fact: 'itself when there is nothing else', metadata: { name: 'web' }, name: 'default/web' },
  ]) {
    test(fact, () => assert.equal(workloadName(podOf(metadata)), name))
  }
})

test('the workloads with the most pods have colours of their own, the rest shares one', () => {
  const pods = Array.from({ length: 30 }, (_, index) => podOf({ labels: { app: `app${index}` } }))
  const large = podOf({ labels: { app: 'app29' } })

  const { legend, of } = workloadsIn([...pods, large])

  assert.deepEqual(
    legend.slice(0, 2).map(({ name, pods: count }) => [name, count]),
    [
      ['default/app29', 2],
      ['default/app0', 1],
    ],
  )
  assert.deepEqual(
    legend.slice(-1).map(({ name, pods: count }) => [name, count]),
    [['6 others', 6]],
  )
  assert.equal(new Set(legend.map(({ colour }) => colour)).size, 25)
  assert.equal(of(large), legend[0])
})

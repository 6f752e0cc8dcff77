import { after } from 'node:test'
import type { Cluster, KubeObject, ResourceType } from '../../src/kube/cluster.ts'
import { connectFromKubeconfig } from '../../src/kube/kubeconfig.ts'
import { createCluster } from '../../src/kube/real-cluster.ts'
import { createTransport } from '../../src/kube/transport.ts'
import { createSystemClock, createSystemRandom } from '../../src/runtime/clock.ts'
import { createMetricsRecorder } from './recorders.ts'

const REPOSITORIES: ResourceType = {
  group: 'longshore.dev',
  version: 'v1alpha1',
  plural: 'ecrrepositories',
  kind: 'EcrRepository',
  namespaced: true,
}

/** What a user does to repositories of one namespace, faster than kubectl could. */
export interface Admin {
  readonly cluster: Cluster
  readonly create: (name: string) => Promise<KubeObject>
  /** An edit of the spec that takes one write to AWS, and one more for each other member. */
  readonly edit: (name: string, scanOnPush: boolean, more?: object) => Promise<KubeObject>
  readonly remove: (name: string) => Promise<void>
  readonly read: (name: string) => Promise<KubeObject>
}

const forever = new AbortController().signal

/** A client that ends with the test file. */
export async function connectAdmin(kubeconfigPath: string, namespace: string): Promise<Admin> {
  const clock = createSystemClock()
  const connection = await connectFromKubeconfig({ paths: [kubeconfigPath] }, clock)
  const common = { clock, random: createSystemRandom(), metrics: createMetricsRecorder(), userAgent: 'test' }
  const transport = await createTransport({ connection, ...common })
  after(() => transport.close())
  const cluster = createCluster(transport)
  const specOf = (scanOnPush: boolean) => ({ imageScanningConfiguration: { scanOnPush } })
  return {
    cluster,
    create: (name) => {
      const metadata = { namespace, name }
      const object = { apiVersion: 'longshore.dev/v1alpha1', kind: 'EcrRepository', metadata, spec: specOf(false) }
      return cluster.create(REPOSITORIES, object, 'test', forever)
    },
    edit: (name, scanOnPush, more = {}) => {
      const patch = { body: { spec: { ...specOf(scanOnPush), ...more } }, fieldManager: 'test' }
      return cluster.mergePatch(REPOSITORIES, { namespace, name }, patch, forever)
    },
    remove: (name) => cluster.remove(REPOSITORIES, { namespace, name }, forever),
    read: (name) => cluster.get(REPOSITORIES, { namespace, name }, forever),
  }
}

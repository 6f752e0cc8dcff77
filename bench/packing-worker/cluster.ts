/** A cluster as `kubectl get pods,nodes -A -o json` prints it: what decides, and the much more that does not. */
export interface Cluster {
  readonly pods: readonly object[]
  readonly nodes: readonly object[]
}

const WORKLOADS = 60
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c']

/** Pods of 60 Deployments, a third of them spread over zones; five on each node, the rest waits. */
export function clusterOf(podCount: number, nodeCount: number): Cluster {
  const nodes = Array.from({ length: nodeCount }, (_, index) => node(index))
  const pods = Array.from({ length: podCount }, (_, index) => {
    const place = Math.floor(index / 5)
    return pod(index, place < nodeCount ? `node-${place}` : undefined)
  })
  return { pods, nodes }
}

function pod(index: number, nodeName: string | undefined) {
  const workload = index % WORKLOADS
  const app = `app-${workload}`
  const hash = '5d8f7c9b6f'
  const token = { name: `kube-api-access-${index.toString(36)}` }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${app}-${hash}-${index.toString(36).padStart(5, '0')}`,
      namespace: `team-${workload % 7}`,
      uid: `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
      labels: { app, 'pod-template-hash': hash },
      annotations: { 'prometheus.io/scrape': 'true', checksum: 'a'.repeat(64) },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `${app}-${hash}`, controller: true }],
    },
    spec: {
      ...(nodeName !== undefined && { nodeName }),
      containers: [containerOf(workload, token)],
      tolerations: ['not-ready', 'unreachable'].map((key) => ({
        key: `node.kubernetes.io/${key}`,
        operator: 'Exists',
        effect: 'NoExecute',
        tolerationSeconds: 300,
      })),
      ...(workload % 3 === 0 && {
        topologySpreadConstraints: [
          {
            topologyKey: 'topology.kubernetes.io/zone',
            maxSkew: 1,
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: { app } },
          },
        ],
      }),
      volumes: [{ ...token, projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }],
    },
    status: {
      phase: nodeName === undefined ? 'Pending' : 'Running',
      conditions: Array.from({ length: 4 }, (_, at) => ({ type: `Condition${at}`, status: 'True' })),
      containerStatuses: [{ name: 'main', ready: true, imageID: 'b'.repeat(100) }],
    },
  }
}

function containerOf(workload: number, token: { readonly name: string }) {
  return {
    name: 'main',
    image: `registry.example/app-${workload}:v1`,
    env: Array.from({ length: 25 }, (_, at) => ({ name: `VARIABLE_${at}`, value: `the value of ${at}` })),
    volumeMounts: [{ ...token, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true }],
    ports: [{ containerPort: 8080, protocol: 'TCP' }],
    resources: {
      requests: { cpu: `${100 + 50 * (workload % 10)}m`, memory: `${128 * (1 + (workload % 8))}Mi` },
      limits: { memory: `${256 * (1 + (workload % 8))}Mi` },
    },
  }
}

function node(index: number) {
  const name = `node-${index}`
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/os': 'linux',
        'node.kubernetes.io/instance-type': 'm6a.xlarge',
        'topology.kubernetes.io/zone': ZONES[index % ZONES.length],
      },
    },
    spec: {},
    status: {
      capacity: { cpu: '4', memory: '16Gi', pods: '58' },
      allocatable: { cpu: '3920m', memory: '14Gi', pods: '58' },
      images: Array.from({ length: 40 }, (_, at) => ({
        names: [`registry.example/image-${at}@sha256:${'c'.repeat(64)}`],
      })),
    },
  }
}

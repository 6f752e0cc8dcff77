import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { createKubectl } from '../../tools/control-plane/kubectl.ts'
import { chartRules } from '../support/chart-roles.ts'
import { type Rendered, type Values, at, ofKind, openCharts } from '../support/chart.ts'
import { joinCluster } from '../support/control-plane.ts'

const cluster = await joinCluster(import.meta.url)
const { kubectl, namespace, kubeconfigPath } = cluster
const charts = await openCharts()
const WITHOUT_CRDS = { crds: { install: false } }

/** Every value that adds an object or something to the pods. */
const EVERYTHING: Values = {
  ...WITHOUT_CRDS,
  image: { digest: `sha256:${'ab'.repeat(32)}`, pullSecrets: [{ name: 'registry' }] },
  aws: {
    endpoint: 'http://sim:4566',
    httpsProxy: 'http://proxy:3128',
    noProxy: '.a',
    podIdentity: true,
    credentials: { secretName: 'keys' },
  },
  prometheusRule: { enabled: true },
  serviceMonitor: { enabled: true },
  dashboard: { enabled: true },
  networkPolicy: {
    metricSources: [{ to: [{ podSelector: { matchLabels: { app: 'prometheus' } } }], port: 9090 }],
    scrapeFrom: [{ namespaceSelector: {} }],
  },
  affinity: { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } },
  tolerations: [{ operator: 'Exists' }],
  extraVolumes: [{ name: 'ca', configMap: { name: 'ca' } }],
  extraVolumeMounts: [{ name: 'ca', mountPath: '/ca' }],
  labels: { team: 'platform' },
}

describe('rights', () => {
  const roles = async (kind: string, values: Values) =>
    ofKind(await charts.render({ ...WITHOUT_CRDS, ...values }), kind).map(({ metadata, ...role }) => ({
      in: `${metadata.namespace ?? ''}/${metadata.name}`,
      rules: at(role, 'rules'),
    }))

  test('in the cluster are those that were generated, and no more', async () => {
    assert.deepEqual(await roles('ClusterRole', {}), [
      { in: '/longshore-operator', rules: [...(await chartRules('operator')), ...(await chartRules('installation'))] },
      { in: '/longshore-edit', rules: await chartRules('edit') },
      { in: '/longshore-view', rules: await chartRules('view') },
    ])
    assert.deepEqual(await roles('Role', {}), [
      { in: 'longshore/longshore-leader-election', rules: await chartRules('leader-election') },
    ])
  })

  test('in namespaces are the same without the one for the cluster, in each of them', async () => {
    const values = { rbac: { scope: 'Namespaces' }, namespaces: ['a', 'b'], installationId: 'x' }

    assert.deepEqual(await roles('Role', values), [
      { in: 'a/longshore-operator', rules: await chartRules('operator') },
      { in: 'b/longshore-operator', rules: await chartRules('operator') },
      { in: 'longshore/longshore-leader-election', rules: await chartRules('leader-election') },
    ])
    assert.deepEqual(await roles('ClusterRole', values), [
      { in: '/longshore-edit', rules: await chartRules('edit') },
      { in: '/longshore-view', rules: await chartRules('view') },
    ])
  })

  test('need nothing of the cluster where that is asked for', async () => {
    const rbac = { scope: 'Namespaces', aggregate: false }
    const objects = await charts.render({ ...WITHOUT_CRDS, rbac, namespaces: ['a'], installationId: 'x' })

    assert.deepEqual(
      objects.filter(({ metadata }) => metadata.namespace === undefined),
      [],
    )
  })

  test('are bound to the account of the pods', async () => {
    const objects = await charts.render({ ...WITHOUT_CRDS, serviceAccount: { name: 'other' } })
    const bindings = [...ofKind(objects, 'ClusterRoleBinding'), ...ofKind(objects, 'RoleBinding')]

    assert.deepEqual(
      bindings.map((binding) => [at(binding, 'roleRef.name'), at(binding, 'subjects')]),
      [
        ['longshore-operator', [{ kind: 'ServiceAccount', name: 'other', namespace: 'longshore' }]],
        ['longshore-leader-election', [{ kind: 'ServiceAccount', name: 'other', namespace: 'longshore' }]],
      ],
    )
  })

  test('to hold the lease are where the lease is', async () => {
    const [role] = await roles('Role', { leaderElectionNamespace: 'leases' })

    assert.equal(role?.in, 'leases/longshore-leader-election')
  })

  test('reach those who view and edit namespaces', async () => {
    const objects = ofKind(await charts.render(WITHOUT_CRDS), 'ClusterRole')
    const aggregated = objects.map(({ metadata }) =>
      Object.keys(metadata.labels ?? {}).filter((label) => label.includes('aggregate-to')),
    )

    const to = (name: string) => `rbac.authorization.k8s.io/aggregate-to-${name}`
    assert.deepEqual(aggregated, [[], [to('edit'), to('admin')], [to('view')]])
  })
})

describe('the network policy', () => {
  const policy = async (values: Values) =>
    ofKind(await charts.render({ ...WITHOUT_CRDS, ...values }), 'NetworkPolicy')[0]
  const egress = async (values: Values) => at(await policy(values), 'spec.egress')
  const tcp = (port: number) => ({ port, protocol: 'TCP' })
  const dns = { ports: [{ port: 53, protocol: 'UDP' }, tcp(53)] }

  test('lets out DNS, HTTPS and the usual other port of API servers', async () => {
    assert.deepEqual(await egress({}), [dns, { ports: [tcp(443), tcp(6443)] }])
  })

  for (const { fact, values, extra } of [
    { fact: 'nothing but DNS and HTTPS on EKS', values: { networkPolicy: { kubernetesPorts: [] } }, extra: [] },
    {
      fact: 'the port of a stand-in for AWS',
      values: { networkPolicy: { kubernetesPorts: [443] }, aws: { endpoint: 'http://sim.trial:4566' } },
      extra: [{ ports: [tcp(4566)] }],
    },
    {
      fact: 'its usual port where it names none',
      values: { networkPolicy: { kubernetesPorts: [443] }, aws: { endpoint: 'http://sim.trial' } },
      extra: [{ ports: [tcp(80)] }],
    },
    {
      fact: 'the port of a proxy',
      values: { networkPolicy: { kubernetesPorts: [443] }, aws: { httpsProxy: 'http://proxy.example.com:3128' } },
      extra: [{ ports: [tcp(3128)] }],
    },
    {
      fact: 'nothing more for a stand-in on HTTPS',
      values: { networkPolicy: { kubernetesPorts: [443] }, aws: { endpoint: 'https://sim.trial' } },
      extra: [],
    },
  ]) {
    test(`lets out ${fact}`, async () => {
      assert.deepEqual(await egress(values), [dns, { ports: [tcp(443)] }, ...extra])
    })
  }

  test('lets in nothing but the port of health and metrics', async () => {
    assert.deepEqual(at(await policy({}), 'spec.ingress'), [{ ports: [{ port: 'http', protocol: 'TCP' }] }])
    assert.deepEqual(at(await policy({}), 'spec.policyTypes'), ['Ingress', 'Egress'])
  })

  test('lets in whom it is told, and helm test', async () => {
    const from = [{ namespaceSelector: { matchLabels: { a: 'b' } } }]
    const component = 'spec.ingress.0.from.1.podSelector.matchLabels'

    const own = at(await policy({ networkPolicy: { scrapeFrom: from } }), component)

    assert.equal(new Map(Object.entries(own ?? {})).get('app.kubernetes.io/component'), 'test')
  })

  test('is for the pods of the operator', async () => {
    const objects = await charts.render(WITHOUT_CRDS)
    const [deployment] = ofKind(objects, 'Deployment')
    const selected = { ...(at(await policy({}), 'spec.podSelector.matchLabels') as object) }

    assert.deepEqual(
      { ...(at(deployment, 'spec.template.metadata.labels') as object), ...selected },
      {
        ...(at(deployment, 'spec.template.metadata.labels') as object),
      },
    )
    assert.deepEqual(at(deployment, 'spec.selector.matchLabels'), selected)
  })
})

describe('an API server that enforces the restricted Pod Security Standard', () => {
  const enforced = `${namespace}-restricted`

  before(async () => {
    await kubectl('create', 'namespace', enforced)
    const label = 'pod-security.kubernetes.io/enforce=restricted'
    await kubectl('label', 'namespace', enforced, label)
    // Otherwise its admission asks for the account before it looks at the pod.
    await kubectl('create', 'serviceaccount', 'longshore', '--namespace', enforced)
    await kubectl('create', 'serviceaccount', 'default', '--namespace', enforced)
  })

  /** Deployments are only warned about: what is refused is the pod. */
  const podsOf = (objects: readonly Rendered[]): readonly object[] => [
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'operator', namespace: enforced },
      spec: at(ofKind(objects, 'Deployment')[0], 'spec.template.spec'),
    },
    ...ofKind(objects, 'Pod').map((pod) => ({ ...pod, metadata: { name: 'test', namespace: enforced } })),
  ]
  const create = (object: object) =>
    createKubectl(kubeconfigPath, JSON.stringify(object))('create', '--dry-run=server', '--validate=strict', '-f', '-')

  for (const { fact, values } of [
    { fact: 'by default', values: WITHOUT_CRDS },
    { fact: 'with everything that the chart can add', values: EVERYTHING },
  ]) {
    test(`takes the pods ${fact}`, async () => {
      const pods = podsOf(await charts.render(values))

      assert.equal(pods.length, 2)
      for (const pod of pods) await create(pod)
    })
  }

  test('refuses a pod that may do more', async () => {
    const values = { ...WITHOUT_CRDS, securityContext: { allowPrivilegeEscalation: true } }
    const [pod] = podsOf(await charts.render(values))

    await assert.rejects(create(pod ?? {}), /violates PodSecurity "restricted/)
  })
})

test('an API server finds every object as strict as it can be in order', async () => {
  const objects = await charts.render(EVERYTHING)
  // Prometheus Operator's kinds are not installed here, and its pods were tried above.
  const known = objects.filter(({ apiVersion, kind }) => !apiVersion.startsWith('monitoring.') && kind !== 'Pod')
  const list = { apiVersion: 'v1', kind: 'List', items: known.map((object) => inNamespace(object)) }

  const kubectlWithList = createKubectl(kubeconfigPath, JSON.stringify(list))

  const said = await kubectlWithList('apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-')

  assert.equal(said.trim().split('\n').length, known.length)
})

function inNamespace(object: Rendered): Rendered {
  if (object.metadata.namespace === undefined) return object
  return { ...object, metadata: { ...object.metadata, namespace } }
}

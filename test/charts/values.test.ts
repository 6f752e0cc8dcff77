import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import schema from '../../charts/longshore/values.schema.json' with { type: 'json' }
import { version } from '../../src/app/version.ts'
import { type ValueNode, isGroup } from '../../tools/generate/chart/value-node.ts'
import { CONTAINER, type Rendered, type Values, at, ofKind, openCharts, variablesIn } from '../support/chart.ts'

const charts = await openCharts()

/** What a value changes. */
interface Row {
  /** Its path in the schema. */
  readonly value: string
  readonly given: Values
  /** What has to be given as well; without the value, the place looks different. */
  readonly beside?: Values
  /** `KIND PATH`: what stands there in the only object of that kind; `env NAME`; `KIND`: how many there are. */
  readonly look: string
  readonly seen: unknown
}

function seenIn(objects: readonly Rendered[], look: string): unknown {
  const [kind = '', path] = look.split(' ')
  if (kind === 'env') return variablesIn(ofKind(objects, 'Deployment')[0])[path ?? '']
  const found = ofKind(objects, kind)
  if (path === undefined) return found.length
  return at(found[0], path)
}

/** The same values are rendered once. */
const renders = new Map<string, Promise<readonly Rendered[]>>()

function render(values: Values): Promise<readonly Rendered[]> {
  const key = JSON.stringify(values)
  const known = renders.get(key) ?? charts.render(values)
  renders.set(key, known)
  return known
}

const POD = 'Deployment spec.template.spec'
const OPERATOR = `Deployment ${CONTAINER}`
const DIGEST = `sha256:${'ab'.repeat(32)}`
const PROMETHEUS = { podSelector: { matchLabels: { app: 'prometheus' } } }
const KEYS = { aws: { credentials: { secretName: 'keys' } } }
const ONE_NAMESPACE = { namespaces: ['a'], installationId: 'b' }
const RULE = { prometheusRule: { enabled: true } }
const DASHBOARD = { dashboard: { enabled: true } }
const METADATA = { ConfigMap: 'ConfigMap metadata', Account: 'ServiceAccount metadata' }

function credential(key: string, name: string): Row {
  const given = { aws: { credentials: { [key]: 'other' } } }
  const optional = name === 'AWS_SESSION_TOKEN' ? { optional: true } : {}
  const seen = { secretKeyRef: { name: 'keys', key: 'other', ...optional } }
  return { value: `aws.credentials.${key}`, given, beside: KEYS, look: `env ${name}`, seen }
}

function monitorRows(value: string, kind: string, list: string): readonly Row[] {
  const beside = { [value]: { enabled: true } }
  const row = (name: string, given: unknown): Row => {
    return {
      value: `${value}.${name}`,
      given: { [value]: { [name]: given } },
      beside,
      look: `${kind} spec.${list}.0.${name}`,
      seen: given,
    }
  }
  return [
    { value: `${value}.enabled`, given: beside, look: kind, seen: 1 },
    row('interval', '15s'),
    row('scrapeTimeout', '5s'),
    row('relabelings', [{ action: 'drop' }]),
    row('metricRelabelings', [{ action: 'keep' }]),
    { ...row('labels', { release: 'p' }), look: `${kind} metadata.labels.release`, seen: 'p' },
  ]
}

function probeRows(probe: string): readonly Row[] {
  return ['periodSeconds', 'timeoutSeconds', 'failureThreshold'].map((name) => ({
    value: `probes.${probe}.${name}`,
    given: { probes: { [probe]: { [name]: 7 } } },
    look: `${OPERATOR}.${probe}Probe.${name}`,
    seen: 7,
  }))
}

function settingRow(value: string, given: unknown, seen: string, beside: Values = {}): Row {
  const name = value.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()
  return { value, given: { [value]: given }, beside, look: `env LONGSHORE_${name}`, seen }
}

/** A value that goes where it is, or below a group. */
function row(value: string, given: unknown, look: string, seen: unknown = given): Row {
  const values = value.split('.').reduceRight((inner: unknown, name) => ({ [name]: inner }), given) as Values
  return { value, given: values, look, seen }
}

const ROWS: readonly Row[] = [
  row('image.repository', 'r.example/l', `${OPERATOR}.image`, `r.example/l:${version}`),
  row('image.tag', 'v9', `${OPERATOR}.image`, 'longshore:v9'),
  row('image.digest', DIGEST, `${OPERATOR}.image`, `longshore:${version}@${DIGEST}`),
  row('image.pullPolicy', 'Always', `${OPERATOR}.imagePullPolicy`),
  row('image.pullSecrets', [{ name: 'r' }], `${POD}.imagePullSecrets`),
  row('replicas', 3, 'Deployment spec.replicas'),
  row('resources.requests', { cpu: 1 }, `${OPERATOR}.resources.requests`, { cpu: 1, memory: '128Mi' }),
  row('resources.limits', { memory: '1Gi' }, `${OPERATOR}.resources.limits`),

  row('aws.region', 'eu-west-1', 'env AWS_REGION'),
  row('aws.endpoint', 'http://sim:4566', 'env AWS_ENDPOINT_URL'),
  row('aws.httpsProxy', 'http://proxy:3128', 'env HTTPS_PROXY'),
  row('aws.noProxy', '.vpce.amazonaws.com,b', 'env NO_PROXY'),
  row('aws.podIdentity', true, 'NetworkPolicy spec.egress.2', {
    to: [{ ipBlock: { cidr: '169.254.170.23/32' } }, { ipBlock: { cidr: 'fd00:ec2::23/128' } }],
    ports: [{ port: 80, protocol: 'TCP' }],
  }),
  row('aws.credentials.secretName', 'keys', 'env AWS_ACCESS_KEY_ID', {
    secretKeyRef: { name: 'keys', key: 'AWS_ACCESS_KEY_ID' },
  }),
  credential('accessKeyIdKey', 'AWS_ACCESS_KEY_ID'),
  credential('secretAccessKeyKey', 'AWS_SECRET_ACCESS_KEY'),
  credential('sessionTokenKey', 'AWS_SESSION_TOKEN'),

  settingRow('installationId', 'blue', 'blue'),
  settingRow('namespaces', ['a', 'b'], 'a,b'),
  settingRow('watchLabelSelector', 'team in (a, b)', 'team in (a, b)'),
  settingRow('leaderElect', false, 'false', { replicas: 1 }),
  settingRow('leaderElectionNamespace', 'l', 'l'),
  settingRow('bindAddress', '::', '::'),
  settingRow('httpPort', 9090, '9090'),
  settingRow('logLevel', 'debug', 'debug'),
  settingRow('workers', 32, '32'),
  settingRow('settleSeconds', 0, '0'),
  settingRow('drift', 'Report', 'Report'),
  settingRow('driftSeconds', 86_400, '86400'),
  settingRow('awsRateShare', 100, '100'),
  settingRow('shard', '2/3', '2/3'),
  settingRow('shutdownSeconds', 60, '60'),
  settingRow('kubeconfig', '/k', '/k'),
  settingRow('context', 'c', 'c'),

  row('crds.install', false, 'CustomResourceDefinition', 0),
  { ...row('crds.keep', false, 'CustomResourceDefinition metadata.annotations'), seen: undefined },

  row('serviceAccount.create', false, 'ServiceAccount', 0),
  row('serviceAccount.name', 'n', `${METADATA.Account}.name`),
  row('serviceAccount.annotations', { a: 'b' }, `${METADATA.Account}.annotations`),
  row('rbac.create', false, 'ClusterRole', 0),
  { ...row('rbac.scope', 'Namespaces', 'ClusterRoleBinding', 0), beside: ONE_NAMESPACE },
  row('rbac.aggregate', false, 'ClusterRole', 1),
  row('networkPolicy.enabled', false, 'NetworkPolicy', 0),
  row('networkPolicy.kubernetesPorts', [8443], 'NetworkPolicy spec.egress.1.ports', [
    { port: 443, protocol: 'TCP' },
    { port: 8443, protocol: 'TCP' },
  ]),
  row('networkPolicy.metricSources', [{ to: [PROMETHEUS], port: 9090 }], 'NetworkPolicy spec.egress.2', {
    to: [PROMETHEUS],
    ports: [{ port: 9090, protocol: 'TCP' }],
  }),
  row('networkPolicy.scrapeFrom', [PROMETHEUS], 'NetworkPolicy spec.ingress.0.from.0', PROMETHEUS),

  row('podDisruptionBudget.enabled', false, 'PodDisruptionBudget', 0),
  row('podDisruptionBudget.maxUnavailable', '50%', 'PodDisruptionBudget spec.maxUnavailable'),
  { ...row('topologySpreadConstraints', [], `${POD}.topologySpreadConstraints`), seen: undefined },
  row('affinity', { podAntiAffinity: { x: [] } }, `${POD}.affinity`),
  row('tolerations', [{ operator: 'Exists' }], `${POD}.tolerations`),
  row('nodeSelector', { disk: 'ssd' }, `${POD}.nodeSelector`),
  row('priorityClassName', 'high', `${POD}.priorityClassName`),
  row('strategy', { type: 'Recreate' }, 'Deployment spec.strategy'),
  row('revisionHistoryLimit', 0, 'Deployment spec.revisionHistoryLimit'),

  ...probeRows('startup'),
  ...probeRows('liveness'),
  ...probeRows('readiness'),
  { ...row('podSecurityContext', { runAsUser: null }, `${POD}.securityContext.runAsUser`), seen: undefined },
  row('securityContext', { runAsUser: 5 }, `${OPERATOR}.securityContext.runAsUser`, 5),

  ...monitorRows('serviceMonitor', 'ServiceMonitor', 'endpoints'),
  ...monitorRows('podMonitor', 'PodMonitor', 'podMetricsEndpoints'),
  row('prometheusRule.enabled', true, 'PrometheusRule', 1),
  { ...row('prometheusRule.labels', { a: 'b' }, 'PrometheusRule metadata.labels.a', 'b'), beside: RULE },
  {
    ...row('prometheusRule.disabled', ['LongshoreDown'], 'PrometheusRule spec.groups.0.rules.0.alert'),
    beside: RULE,
    seen: 'LongshoreNoLeader',
  },
  row('dashboard.enabled', true, 'ConfigMap', 1),
  { ...row('dashboard.labels', { a: 'b' }, `${METADATA.ConfigMap}.labels.a`, 'b'), beside: DASHBOARD },
  { ...row('dashboard.annotations', { folder: 'AWS' }, `${METADATA.ConfigMap}.annotations`), beside: DASHBOARD },

  row('extraArgs', ['--workers=3'], `${OPERATOR}.args`, ['operator', '--workers=3']),
  row('extraEnv', [{ name: 'TZ', value: 'UTC' }], 'env TZ', 'UTC'),
  row('extraEnvFrom', [{ configMapRef: { name: 'c' } }], `${OPERATOR}.envFrom`),
  row('extraVolumes', [{ name: 'v', emptyDir: {} }], `${POD}.volumes`),
  row('extraVolumeMounts', [{ name: 'v', mountPath: '/v' }], `${OPERATOR}.volumeMounts`),
  row('labels', { team: 'x' }, 'Service metadata.labels.team', 'x'),
  row('annotations', { a: 'b' }, 'Deployment metadata.annotations', { a: 'b' }),
  row('podLabels', { a: 'b' }, 'Deployment spec.template.metadata.labels.a', 'b'),
  row('podAnnotations', { a: 'b' }, 'Deployment spec.template.metadata.annotations.a', 'b'),
  row('fullnameOverride', 'other', 'Deployment metadata.name'),
]

describe('the value is seen in what is rendered:', () => {
  for (const { value, given, beside = {}, look, seen } of ROWS) {
    test(value, async () => {
      // The CRDs are most of what is rendered.
      const others = value.startsWith('crds.') ? beside : { ...beside, crds: { install: false } }
      assert.notDeepEqual(seenIn(await render(others), look), seen)

      assert.deepEqual(seenIn(await render(merged(others, given)), look), seen)
    })
  }

  test('every one of them', () => {
    const paths = pathsIn(schema as ValueNode, '').filter((path) => path !== 'global')

    assert.deepEqual(ROWS.map(({ value }) => value).toSorted(), paths.toSorted())
  })
})

/** As Helm merges files of values. */
function merged(first: Values, second: Values): Values {
  const both = Object.keys(first).filter((name) => name in second)
  const inner = both.map((name) => [name, merged(first[name] as Values, second[name] as Values)])
  return { ...first, ...second, ...Object.fromEntries(inner) }
}

function pathsIn(node: ValueNode, path: string): readonly string[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, member]) => {
    return isGroup(member) ? pathsIn(member, `${path}${name}.`) : [`${path}${name}`]
  })
}

describe('a value that does not fit is refused, and its name said:', () => {
  for (const { given, says } of [
    { given: { workers: 0 }, says: "at '/workers': minimum: got 0, want 1" },
    { given: { workers: '4' }, says: "at '/workers': got string, want integer" },
    { given: { logLevel: 'loud' }, says: "at '/logLevel': value must be one of" },
    { given: { namespaces: ['Not One'] }, says: "at '/namespaces/0': 'Not One' does not match" },
    { given: { namespaces: 'a,b' }, says: "at '/namespaces': got string, want array" },
    { given: { watchLabelSelector: 'team is blue' }, says: "at '/watchLabelSelector': 'team is blue' does not match" },
    { given: { leaderElect: 'yes' }, says: "at '/leaderElect': got string, want boolean" },
    { given: { leaderElect: false }, says: "at '/replicas': maximum: got 2, want 1" },
    { given: { httpPort: 0 }, says: "at '/httpPort': minimum" },
    { given: { driftSeconds: 5 }, says: "at '/driftSeconds': minimum" },
    { given: { shard: 'first' }, says: "at '/shard': 'first' does not match" },
    { given: { shard: '4/3' }, says: 'shard wants which of how many, such as 1/3, not 4/3' },
    { given: { replicas: 1.5 }, says: "at '/replicas': got number, want integer" },
    { given: { workerz: 3 }, says: "additional properties 'workerz' not allowed" },
    { given: { image: { digest: 'sha256:12' } }, says: "at '/image/digest': 'sha256:12' does not match" },
    { given: { image: { pullPolicy: 'Sometimes' } }, says: "at '/image/pullPolicy': value must be one of" },
    { given: { image: { name: 'x' } }, says: "at '/image': additional properties 'name' not allowed" },
    { given: { aws: { region: 'Frankfurt' } }, says: "at '/aws/region': 'Frankfurt' does not match" },
    { given: { aws: { endpoint: 'sim:4566' } }, says: "at '/aws/endpoint': 'sim:4566' does not match" },
    { given: { aws: { httpsProxy: 'proxy:3128' } }, says: "at '/aws/httpsProxy': 'proxy:3128' does not match" },
    { given: { rbac: { scope: 'Galaxy' } }, says: "at '/rbac/scope': value must be one of" },
    { given: { rbac: { scope: 'Namespaces' }, namespaces: ['a'] }, says: "missing property 'installationId'" },
    { given: { rbac: { scope: 'Namespaces' }, installationId: 'b' }, says: "at '/namespaces': minItems" },
    { given: { crds: { keep: 'maybe' } }, says: "at '/crds/keep': got string, want boolean" },
    { given: { resources: { limits: { memory: 'lots' } } }, says: "at '/resources/limits/memory'" },
    { given: { tolerations: [{ effect: 'Never' }] }, says: "at '/tolerations/0/effect'" },
    { given: { affinity: { dislike: {} } }, says: "at '/affinity': additional properties 'dislike'" },
    { given: { extraEnv: [{ value: 'x' }] }, says: "at '/extraEnv/0': missing property 'name'" },
    { given: { networkPolicy: { metricSources: [{ port: 9090 }] } }, says: "at '/networkPolicy/metricSources/0'" },
    { given: { podDisruptionBudget: { maxUnavailable: 'half' } }, says: "at '/podDisruptionBudget/maxUnavailable'" },
    { given: { serviceMonitor: { interval: 'often' } }, says: "at '/serviceMonitor/interval'" },
    {
      given: { serviceMonitor: { enabled: true }, podMonitor: { enabled: true } },
      says: "at '/podMonitor/enabled': value must be false",
    },
    { given: { prometheusRule: { disabled: ['Nothing'] } }, says: "at '/prometheusRule/disabled/0'" },
  ]) {
    test(JSON.stringify(given), async () => {
      const said = await charts.refusal(given)

      assert.ok(said.includes(says), said || 'it was not refused')
    })
  }
})

test('without a lease two versions never run side by side', async () => {
  const [deployment] = ofKind(await render({ leaderElect: false, replicas: 1 }), 'Deployment')

  assert.deepEqual(at(deployment, 'spec.strategy'), { type: 'Recreate' })
})

describe('values stay what they are', () => {
  test('when they come from the command line', async () => {
    const objects = await charts.render({}, '--set', 'workers=4,namespaces={a,b},leaderElect=true,aws.region=eu-west-1')
    const seen = variablesIn(ofKind(objects, 'Deployment')[0])

    assert.deepEqual([seen['LONGSHORE_WORKERS'], seen['LONGSHORE_NAMESPACES']], ['4', 'a,b'])
  })

  test('below an umbrella chart, which adds values of its own', async () => {
    assert.deepEqual(await charts.render({ global: { imageRegistry: 'x' } }), await charts.render())
  })

  test('when a default is taken away', async () => {
    const objects = await charts.render({ workers: null, shutdownSeconds: null })
    const seen = variablesIn(ofKind(objects, 'Deployment')[0])

    assert.equal('LONGSHORE_WORKERS' in seen, false)
    assert.equal(at(ofKind(objects, 'Deployment')[0], 'spec.template.spec.terminationGracePeriodSeconds'), 45)
  })
})

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type Values, at, ofKind, openCharts, variablesIn } from '../support/chart.ts'

const charts = await openCharts()
const render = (values: Values, ...options: readonly string[]) =>
  charts.render({ crds: { install: false }, ...values }, ...options)

describe('names of digits alone, such as AWS account ids, stay text:', () => {
  const ID = '123456789012'

  test('of namespaces', async () => {
    const rbac = { scope: 'Namespaces', aggregate: false }
    const values = { namespaces: [ID], rbac, installationId: 'x', serviceMonitor: { enabled: true } }
    const objects = await render(values, '--namespace', ID)
    const bindings = ofKind(objects, 'RoleBinding')

    assert.deepEqual(new Set(objects.map(({ metadata }) => metadata.namespace)), new Set([ID]))
    assert.deepEqual(new Set(bindings.map((binding) => at(binding, 'subjects.0.namespace'))), new Set([ID]))
    assert.deepEqual(at(ofKind(objects, 'ServiceMonitor')[0], 'spec.namespaceSelector.matchNames'), [ID])
  })

  test('of what the pods refer to', async () => {
    const keys = { secretName: ID, accessKeyIdKey: '1', secretAccessKeyKey: '2', sessionTokenKey: '3' }
    const account = { serviceAccount: { name: ID }, priorityClassName: ID }
    const objects = await render({ ...account, aws: { credentials: keys } })
    const [deployment] = ofKind(objects, 'Deployment')
    const variables = variablesIn(deployment)

    assert.deepEqual(variables['AWS_ACCESS_KEY_ID'], { secretKeyRef: { name: ID, key: '1' } })
    assert.deepEqual(variables['AWS_SECRET_ACCESS_KEY'], { secretKeyRef: { name: ID, key: '2' } })
    assert.deepEqual(variables['AWS_SESSION_TOKEN'], { secretKeyRef: { name: ID, key: '3', optional: true } })
    assert.equal(at(deployment, 'spec.template.spec.serviceAccountName'), ID)
    assert.equal(at(deployment, 'spec.template.spec.priorityClassName'), ID)
    assert.equal(ofKind(objects, 'ServiceAccount')[0]?.metadata.name, ID)
  })
})

describe('labels by which the chart tells its objects are its own:', () => {
  for (const value of ['labels', 'podLabels']) {
    for (const label of ['app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/component']) {
      test(`${value} has no ${label}`, async () => {
        const said = await charts.refusal({ [value]: { [label]: 'mine' } })

        assert.ok(said.includes(`${value} must not have ${label}`), said || 'it was not refused')
      })
    }
  }
})

test('regions of all partitions are regions', async () => {
  for (const region of ['us-gov-west-1', 'us-isob-east-1', 'cn-north-1', 'eusc-de-east-1']) {
    const [deployment] = ofKind(await render({ aws: { region } }), 'Deployment')

    assert.equal(variablesIn(deployment)['AWS_REGION'], region)
  }
})

test('a name that a Service cannot have is refused', async () => {
  assert.match(await charts.refusal({ fullnameOverride: '9lives' }), /at '\/fullnameOverride'/)
})

test('one replica can be drained', async () => {
  const objects = await render({ replicas: 1 })

  assert.equal(at(ofKind(objects, 'PodDisruptionBudget')[0], 'spec.maxUnavailable'), 1)
  assert.equal(at(ofKind(objects, 'PodDisruptionBudget')[0], 'spec.minAvailable'), undefined)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { pathOf, withQuery } from './path.ts'

const pods = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true }
const services = { group: 'longshore.dev', version: 'v1alpha1', plural: 'ecsservices', kind: 'X', namespaced: true }
const nodes = { ...pods, plural: 'nodes', namespaced: false }

for (const [path, expected] of [
  [pathOf(pods), '/api/v1/pods'],
  [pathOf(pods, { namespace: 'demo' }), '/api/v1/namespaces/demo/pods'],
  [pathOf(pods, { namespace: 'demo', name: 'a' }), '/api/v1/namespaces/demo/pods/a'],
  [
    pathOf(services, { namespace: 'demo', name: 'a', subresource: 'status' }),
    '/apis/longshore.dev/v1alpha1/namespaces/demo/ecsservices/a/status',
  ],
  [pathOf(nodes, { namespace: 'ignored', name: 'a' }), '/api/v1/nodes/a'],
  [pathOf(nodes, { name: '../secrets' }), '/api/v1/nodes/..%2Fsecrets'],
  [withQuery('/a', {}), '/a'],
  [withQuery('/a', { x: undefined, y: 1, z: 'a=b,c' }), '/a?y=1&z=a%3Db%2Cc'],
] as const) {
  test(`the path ${expected}`, () => assert.equal(path, expected))
}

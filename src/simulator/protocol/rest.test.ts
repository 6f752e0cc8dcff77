import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Operation } from './model.ts'
import { matchRoute } from './rest.ts'
import { structureFrom } from './shape.ts'

const UNIT = structureFrom('unit')

function operation(name: string, method: string, path: string): Operation {
  return { name, input: UNIT, output: UNIT, http: { method, path, status: 200 } }
}

const operations = [
  operation('DescribeCluster', 'GET', '/clusters/{name}'),
  operation('DescribeVersions', 'GET', '/clusters/versions'),
  operation('DeleteCluster', 'DELETE', '/clusters/{name}'),
  operation('ListClusters', 'GET', '/clusters'),
  operation('ListTags', 'GET', '/tags/{arn+}'),
]

for (const { fact, method, path, name } of [
  { fact: 'a path without labels', method: 'GET', path: '/clusters', name: 'ListClusters' },
  { fact: 'a label', method: 'GET', path: '/clusters/main', name: 'DescribeCluster' },
  { fact: 'a literal before a label', method: 'GET', path: '/clusters/versions', name: 'DescribeVersions' },
  { fact: 'the method', method: 'DELETE', path: '/clusters/main', name: 'DeleteCluster' },
  { fact: 'a label that holds an encoded slash', method: 'GET', path: '/clusters/a%2Fb', name: 'DescribeCluster' },
  { fact: 'a greedy label', method: 'GET', path: '/tags/arn:aws:eks/cluster/main', name: 'ListTags' },
  { fact: 'nothing for a longer path', method: 'GET', path: '/clusters/main/more', name: undefined },
  { fact: 'nothing for another method', method: 'PUT', path: '/clusters/main', name: undefined },
]) {
  test(`routes by ${fact}`, () => {
    const request = { method, path, query: {}, headers: {}, body: new Uint8Array() }

    assert.equal(matchRoute(operations, request)?.name, name)
  })
}

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Container, PodSpec } from '../documents.ts'
import { countedFrom, nanosFrom } from './quantity.ts'
import { requestsOf } from './requests.ts'

const NANO = 1_000_000_000n

describe('a quantity', () => {
  for (const [text, nanos] of [
    ['2', 2n * NANO],
    ['0.5', NANO / 2n],
    ['.5', NANO / 2n],
    ['5.', 5n * NANO],
    ['1930m', 1_930_000_000n],
    ['100n', 100n],
    ['0.1n', 1n],
    ['8Gi', 8n * 1024n ** 3n * NANO],
    ['1.5Gi', 1536n * 1024n ** 2n * NANO],
    ['7100Mi', 7100n * 1024n ** 2n * NANO],
    ['1e3', 1000n * NANO],
    ['12E', 12n * 10n ** 18n * NANO],
    ['2E2', 200n * NANO],
    ['24Ti', 24n * 1024n ** 4n * NANO],
    ['128974848', 128_974_848n * NANO],
    ['+1k', 1000n * NANO],
    ['-1', -NANO],
  ] as const) {
    test(`${text} is ${nanos} billionths`, () => assert.equal(nanosFrom(text), nanos))
  }

  test('may be a number', () => assert.equal(nanosFrom(0.25), NANO / 4n))

  for (const text of ['', '.', 'm', '1 Gi', '1gi', '0x1', '1e', '1.2.3']) {
    test(`is not "${text}"`, () => assert.throws(() => nanosFrom(text), { message: /not a quantity/ }))
  }

  test('is counted in thousandths of CPUs, rounded up', () =>
    assert.equal(countedFrom('cpu', nanosFrom('1.0001')), 1001n))

  test('is counted in whole units of anything else, rounded up', () =>
    assert.equal(countedFrom('memory', nanosFrom('1.5')), 2n))
})

const container = (cpu: string, more: Partial<Container> = {}): Container => ({
  name: 'c',
  resources: { requests: { cpu } },
  ...more,
})
const sidecar = (cpu: string) => container(cpu, { restartPolicy: 'Always' })

describe('a pod requests', () => {
  for (const { fact, spec, millis } of [
    { fact: 'the sum of its containers', spec: { containers: [container('1'), container('500m')] }, millis: 1500n },
    {
      fact: 'what its hungriest init container does, if that is more',
      spec: { containers: [container('1')], initContainers: [container('3'), container('2')] },
      millis: 3000n,
    },
    {
      fact: 'nothing for init containers that are smaller',
      spec: { containers: [container('1')], initContainers: [container('500m')] },
      millis: 1000n,
    },
    {
      fact: 'its sidecars, too',
      spec: { containers: [container('1')], initContainers: [sidecar('500m')] },
      millis: 1500n,
    },
    {
      fact: 'the sidecars that an init container starts after',
      spec: { containers: [container('1')], initContainers: [sidecar('1'), container('2'), sidecar('500m')] },
      millis: 3000n,
    },
    {
      fact: 'no sidecars beside an init container that starts before',
      spec: { containers: [container('1')], initContainers: [container('2'), sidecar('1500m')] },
      millis: 2500n,
    },
    {
      fact: 'its overhead on top',
      spec: { containers: [container('1')], initContainers: [container('3')], overhead: { cpu: '250m' } },
      millis: 3250n,
    },
    {
      fact: 'a limit without a request',
      spec: { containers: [{ name: 'c', resources: { limits: { cpu: '2' } } }] },
      millis: 2000n,
    },
    {
      fact: 'parts of thousandths only in total',
      spec: { containers: [container('0.5m'), container('0.5m')] },
      millis: 1n,
    },
  ] satisfies readonly { fact: string; spec: PodSpec; millis: bigint }[]) {
    test(fact, () => assert.equal(requestsOf(spec).get('cpu'), millis))
  }

  test('a slot', () => assert.equal(requestsOf({ containers: [] }).get('pods'), 1n))
})

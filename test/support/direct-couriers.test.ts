import assert from 'node:assert/strict'
import { test } from 'node:test'
import { claimantFor } from '../../src/aws/pace.ts'
import { createSession, type AwsSession } from '../../src/aws/session.ts'
import { Failure } from '../../src/core/failure.ts'
import type { FaultEffect } from '../../src/simulator/faults.ts'
import { createRequestHandler, createTestAws, TEST_REGION } from './aws.ts'
import { createDirectCouriers } from './direct-couriers.ts'
import { createMetricsRecorder } from './recorders.ts'

const ACCESS_KEY_ID = 'AKIA210987654321TEST'
const owner = { installationId: 'i', namespace: 'demo', kind: 'EcrRepository', name: 'hello' }
const signal = new AbortController().signal

interface Lived {
  /** What the caller heard. */
  readonly heard: unknown
  /** What the simulator logged. */
  readonly calls: unknown
  readonly live: unknown
}

type Act = (session: AwsSession) => Promise<unknown>

async function live(carriage: 'wire' | 'direct', { act, effect, mayNotSend = false }: Case): Promise<Lived> {
  const { simulator, clock, drive } = createTestAws()
  const session = createSession({
    region: TEST_REGION,
    clock,
    metrics: createMetricsRecorder(),
    credentials: { accessKeyId: ACCESS_KEY_ID, secretAccessKey: 'simulated' },
    requestHandler: createRequestHandler(simulator),
    maySend: () => !mayNotSend,
    ...(carriage === 'direct' && {
      couriers: createDirectCouriers(simulator, { accessKeyId: ACCESS_KEY_ID, region: TEST_REGION }),
    }),
  })
  if (effect) simulator.faults.add({ effect })
  const heard = await drive(act(session.actingFor(claimantFor(owner, 'change')))).catch((error: unknown) => error)
  return {
    heard: heard instanceof Failure ? [heard.code, heard.message] : heard,
    calls: simulator.log.calls().map(({ userAgent, ...call }) => {
      return { ...call, object: /longshore-object\S+/.exec(userAgent)?.[0] }
    }),
    live: simulator.countLive(),
  }
}

interface Case {
  readonly fact: string
  readonly act: Act
  readonly effect?: FaultEffect
  readonly mayNotSend?: boolean
}

const create: Act = ({ ecr }) => ecr.createRepository({ repositoryName: 'demo/hello', tags: { a: 'b' } }, signal)
const createTwice: Act = async (session) => [await create(session), await create(session)]
const cluster: Act = async ({ ecsClusters }) => {
  await ecsClusters.createCluster({ clusterName: 'demo', tags: { a: 'b' } }, signal)
  return ecsClusters.allClusters(signal)
}

const CASES: readonly Case[] = [
  { fact: 'an answer', act: cluster },
  { fact: 'who calls', act: ({ sts }) => sts.callerIdentity(signal) },
  { fact: 'an error of the service', act: createTwice },
  {
    fact: 'a violated constraint',
    act: ({ ecr }) => ecr.createRepository({ repositoryName: 'UPPER', tags: {} }, signal),
  },
  { fact: 'throttling', act: create, effect: { type: 'throttle' } },
  { fact: 'an unavailable service', act: create, effect: { type: 'unavailable' } },
  { fact: 'a denial', act: create, effect: { type: 'denied' } },
  { fact: 'a code that nobody knows', act: create, effect: { type: 'error', code: 'Odd', status: 502 } },
  { fact: 'an answer lost before the effect', act: create, effect: { type: 'lost', when: 'before-effect' } },
  { fact: 'an answer lost after the effect', act: create, effect: { type: 'lost', when: 'after-effect' } },
  { fact: 'an answer later than the deadline', act: create, effect: { type: 'delay', seconds: 60 } },
  { fact: 'a call that may not leave any more', act: create, mayNotSend: true },
]

for (const example of CASES) {
  test(`without the wire ${example.fact} is the same as over it`, async () => {
    const [direct, wire] = [await live('direct', example), await live('wire', example)]

    assert.deepEqual(direct, wire)
  })
}

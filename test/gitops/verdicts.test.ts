import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { kinds } from '../../src/app/kinds.ts'
import { type Condition, type Reason, type Verdict as Outcome, conditionsFor } from '../../src/core/conditions.ts'
import type { KubeObject } from '../../src/kube/cluster.ts'
import { type Verdict, argoVerdicts, kstatusVerdicts } from '../support/verdicts.ts'

/** An object, with what the programs make of it. */
interface Judged {
  readonly object: KubeObject
  readonly argo: Verdict
  readonly kstatus: Verdict
}

async function judged(objects: readonly KubeObject[]): Promise<readonly Judged[]> {
  const [byKind, byGroup, kstatus] = await Promise.all([
    argoVerdicts(objects, 'by-kind'),
    argoVerdicts(objects, 'by-group'),
    kstatusVerdicts(objects),
  ])
  assert.deepEqual(byGroup, byKind)
  return objects.map((object, i) => ({
    object,
    argo: byKind[i] ?? assert.fail(`Argo CD has no opinion on ${object.kind}`),
    kstatus: kstatus[i] ?? assert.fail('no answer'),
  }))
}

const GENERATION = 3
const NOW = '2026-01-01T00:00:00.000Z'

function conditionsOf(outcome: Outcome, previous: readonly Condition[] = []): readonly Condition[] {
  return conditionsFor(outcome, { previous, generation: GENERATION, now: NOW })
}

const ready = conditionsOf({ type: 'ready', message: 'AWS matches the spec' })
const stalled = (reason: Reason) => conditionsOf({ type: 'stalled', reason, message: 'somebody has to act' })
const paused = (previous: readonly Condition[]) => conditionsOf({ type: 'paused', message: 'held' }, previous)
const available = (status: 'True' | 'False'): Condition => ({
  type: 'Available',
  status,
  reason: status === 'True' ? 'MinimumRunning' : 'NotEnoughRunning',
  message: '1 of 3 tasks running, at least 3 needed',
  lastTransitionTime: NOW,
  observedGeneration: GENERATION,
})

interface Case {
  readonly fact: string
  readonly conditions?: readonly Condition[]
  readonly observedGeneration?: number
  readonly metadata?: Partial<KubeObject['metadata']>
  readonly argo: string
  readonly kstatus: string
}

const pausedByAnnotation = { annotations: { 'longshore.dev/paused': 'true' } }

const CASES: readonly Case[] = [
  {
    fact: 'AWS matches the spec',
    conditions: ready,
    argo: 'Healthy: InSync: AWS matches the spec',
    kstatus: 'Current',
  },
  {
    fact: 'work goes on',
    conditions: conditionsOf({ type: 'working', reason: 'RollingOut', message: '1 of 3 tasks run' }),
    argo: 'Progressing: RollingOut: 1 of 3 tasks run',
    kstatus: 'InProgress',
  },
  {
    fact: 'a person is needed',
    conditions: stalled('RolledBack'),
    argo: 'Degraded: RolledBack: somebody has to act',
    kstatus: 'Failed',
  },
  {
    fact: 'a person is to decide on an adoption',
    conditions: stalled('AdoptionPending'),
    argo: 'Suspended: AdoptionPending: somebody has to act',
    kstatus: 'Failed',
  },
  {
    fact: 'a difference is only reported',
    conditions: conditionsOf({ type: 'drifted', message: 'AWS differs' }),
    argo: 'Healthy: Drifted: AWS differs',
    kstatus: 'Current',
  },
  {
    fact: 'a difference is only reported, and too little runs',
    conditions: [...conditionsOf({ type: 'drifted', message: 'AWS differs' }), available('False')],
    argo: 'Degraded: NotEnoughRunning: 1 of 3 tasks running, at least 3 needed',
    kstatus: 'Current',
  },
  {
    fact: 'too little runs, and ECS sees to it',
    conditions: [...ready, available('False')],
    argo: 'Progressing: NotEnoughRunning: 1 of 3 tasks running, at least 3 needed',
    kstatus: 'Current',
  },
  {
    fact: 'enough runs',
    conditions: [...ready, available('True')],
    argo: 'Healthy: InSync: AWS matches the spec',
    kstatus: 'Current',
  },
  {
    fact: 'it is only observed',
    conditions: conditionsOf({ type: 'observed', message: 'would: scale' }),
    argo: 'Suspended: ObserveOnly: would: scale',
    kstatus: 'InProgress',
  },
  {
    fact: 'it is paused',
    conditions: paused(ready),
    metadata: pausedByAnnotation,
    argo: 'Suspended: Paused: held by the annotation longshore.dev/paused; remove it to go on',
    kstatus: 'Current',
  },
  {
    fact: 'it was paused when it failed',
    conditions: paused(stalled('RolledBack')),
    metadata: pausedByAnnotation,
    argo: 'Suspended: Paused: held by the annotation longshore.dev/paused; remove it to go on',
    kstatus: 'InProgress',
  },
  {
    fact: 'it is to be paused, which nobody has seen',
    conditions: ready,
    metadata: pausedByAnnotation,
    argo: 'Suspended: Paused: held by the annotation longshore.dev/paused; remove it to go on',
    kstatus: 'Current',
  },
  {
    fact: 'it is not paused any more, which nobody has seen',
    conditions: paused(ready),
    argo: 'Progressing: Waiting for longshore to take it up again',
    kstatus: 'Current',
  },
  {
    fact: 'an edit that nobody has seen',
    conditions: ready,
    observedGeneration: GENERATION - 1,
    argo: 'Progressing: Waiting for longshore to see the newest edit',
    kstatus: 'InProgress',
  },
  {
    fact: 'an edit that nobody has seen, after a failure',
    conditions: stalled('RolledBack'),
    observedGeneration: GENERATION - 1,
    argo: 'Progressing: Waiting for longshore to see the newest edit',
    kstatus: 'InProgress',
  },
  {
    fact: 'deletion',
    conditions: ready,
    metadata: { deletionTimestamp: NOW },
    argo: 'Progressing: Pending deletion',
    kstatus: 'Terminating',
  },
]

function objectFor(kind: string, { conditions, observedGeneration = GENERATION, metadata }: Case): KubeObject {
  return {
    apiVersion: 'longshore.dev/v1alpha1',
    kind,
    metadata: { name: 'one', namespace: 'demo', uid: 'u', generation: GENERATION, resourceVersion: '1', ...metadata },
    spec: {},
    ...(conditions && { status: { observedGeneration, conditions } }),
  }
}

function sentence({ status, message }: Verdict): string {
  return `${status}: ${message}`
}

for (const { kind } of kinds) {
  describe(`what is made of an object of kind ${kind}`, async () => {
    const verdicts = await judged(CASES.map((each) => objectFor(kind, each)))

    for (const [i, { fact, argo, kstatus }] of CASES.entries()) {
      test(`${fact}: ${argo.replace(/:.*/, '')} for Argo CD, ${kstatus} for kstatus`, () => {
        const verdict = verdicts[i] ?? assert.fail('no verdict')

        assert.deepEqual([sentence(verdict.argo), verdict.kstatus.status], [argo, kstatus])
      })
    }
  })
}

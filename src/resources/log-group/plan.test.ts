import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyPlan, type Goal } from '../../core/plan.ts'
import type { DesiredLogGroup } from './desired.ts'
import type { ObservedLogGroup } from './observe.ts'
import { planLogGroup } from './plan.ts'

const name = '/longshore/demo/hello'
const arn = `arn:aws:logs:eu-central-1:123456789012:log-group:${name}`

const ours: ObservedLogGroup = { name, arn, retentionInDays: undefined, isOurs: true, isAdoptable: false }
const theirs: ObservedLogGroup = { ...ours, isOurs: false }
const nobodys: ObservedLogGroup = { ...theirs, isAdoptable: true }
const adoption = { type: 'adopt', effect: 'change', summary: `take over log group ${name}`, adopts: true, arn }

const plainly: DesiredLogGroup = { logGroupName: name, tags: { team: 'a' } }
const present = (desired: DesiredLogGroup): Goal<DesiredLogGroup> => ({ type: 'present', desired })
const absent = (policy: 'Delete' | 'Retain'): Goal<DesiredLogGroup> => ({
  type: 'absent',
  removal: { policy, force: false },
})
const outputs = { name }

const creation = {
  type: 'create',
  effect: 'create',
  summary: `create log group ${name}`,
  group: { name, tags: { team: 'a' } },
}
const retention = {
  type: 'set-retention',
  effect: 'change',
  summary: `keep the events of log group ${name} for 14 days`,
  name,
  retentionInDays: 14,
}

interface Row {
  readonly fact: string
  readonly goal: Goal<DesiredLogGroup>
  readonly observed: readonly ObservedLogGroup[]
  readonly requests?: Readonly<Record<string, string>>
  readonly plan: object
}

const rows: readonly Row[] = [
  {
    fact: 'makes what is absent and hides its name until it is there',
    goal: present(plainly),
    observed: [],
    plan: { ...emptyPlan, steps: [creation] },
  },
  {
    fact: 'makes what is absent with its retention',
    goal: present({ ...plainly, retentionInDays: 14 }),
    observed: [],
    plan: { ...emptyPlan, steps: [creation, retention] },
  },
  {
    fact: 'leaves a group alone whose retention is not managed',
    goal: present(plainly),
    observed: [{ ...ours, retentionInDays: 3 }],
    plan: { ...emptyPlan, outputs },
  },
  {
    fact: 'sets a retention that differs',
    goal: present({ ...plainly, retentionInDays: 14 }),
    observed: [{ ...ours, retentionInDays: 3 }],
    plan: { ...emptyPlan, steps: [retention], outputs },
  },
  {
    fact: 'leaves a retention that is right',
    goal: present({ ...plainly, retentionInDays: 14 }),
    observed: [{ ...ours, retentionInDays: 14 }],
    plan: { ...emptyPlan, outputs },
  },
  {
    fact: 'uses a group of somebody else and never changes it',
    goal: present({ ...plainly, retentionInDays: 14 }),
    observed: [theirs],
    plan: { ...emptyPlan, outputs },
  },
  {
    fact: 'uses a group of nobody and never changes it either, unless asked to take it over',
    goal: present({ ...plainly, retentionInDays: 14 }),
    observed: [nobodys],
    plan: { ...emptyPlan, outputs },
  },
  {
    fact: 'takes over a group of nobody, and then changes it',
    goal: present({ ...plainly, retentionInDays: 14 }),
    observed: [nobodys],
    requests: { adopt: 'true' },
    plan: { ...emptyPlan, steps: [adoption, retention], outputs },
  },
  {
    fact: 'cannot take over a group of somebody',
    goal: present({ ...plainly, retentionInDays: 14 }),
    observed: [theirs],
    requests: { adopt: 'accept' },
    plan: { ...emptyPlan, outputs },
  },
  {
    fact: 'deletes what is ours when it is asked to',
    goal: absent('Delete'),
    observed: [ours],
    plan: { ...emptyPlan, steps: [{ type: 'delete', effect: 'delete', summary: `delete log group ${name}`, name }] },
  },
  {
    fact: 'takes its mark off what is retained',
    goal: absent('Retain'),
    observed: [ours],
    plan: {
      ...emptyPlan,
      steps: [{ type: 'release', effect: 'change', summary: `release log group ${name}, keeping its events`, arn }],
    },
  },
  { fact: 'never deletes what is not ours', goal: absent('Delete'), observed: [theirs], plan: emptyPlan },
  { fact: 'has nothing to remove when it is gone', goal: absent('Delete'), observed: [], plan: emptyPlan },
]

for (const { fact, goal, observed, requests = {}, plan } of rows) {
  test(fact, () => {
    const context = { memo: {}, mayBeInUse: () => false, settling: false, requests, now: 0 }

    assert.deepEqual(planLogGroup({ ...context, goal, observed }), plan)
  })
}

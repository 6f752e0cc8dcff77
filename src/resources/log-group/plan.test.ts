import assert from 'node:assert/strict'
import { test } from 'node:test'
import { emptyPlan, type Goal, type Memo } from '../../core/plan.ts'
import type { DesiredLogGroup } from './desired.ts'
import type { GlancedLogGroup, ObservedLogGroup } from './observe.ts'
import { planLogGroup } from './plan.ts'

const name = '/longshore/demo/hello'
const arn = `arn:aws:logs:eu-central-1:123456789012:log-group:${name}`

const ours: ObservedLogGroup = { name, arn, retentionInDays: undefined, isOurs: true, isAdoptable: false }
const theirs: ObservedLogGroup = { ...ours, isOurs: false }
const nobodys: ObservedLogGroup = { ...theirs, isAdoptable: true }
const glanced: GlancedLogGroup = { name, arn, retentionInDays: 3, isGlance: true }
const adoption = { type: 'adopt', effect: 'change', summary: `take over log group ${name}`, adopts: true, arn }

const plainly: DesiredLogGroup = { logGroupName: name, tags: { team: 'a' } }
const present = (desired: DesiredLogGroup): Goal<DesiredLogGroup> => ({ type: 'present', desired })
const absent = (policy: 'Delete' | 'Retain'): Goal<DesiredLogGroup> => ({
  type: 'absent',
  removal: { policy, force: false },
})
const outputs = { name }
const notOurs = { isOurs: 'false' }

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

function refusal(rest: string) {
  const field = 'spec.logGroup.retentionInDays'
  const message = `${field}: the log group ${name} was there before and is not ours to change, so its events are kept ${rest}`
  return { reason: 'ForeignResource', field, message }
}

interface Row {
  readonly fact: string
  readonly goal: Goal<DesiredLogGroup>
  readonly observed: readonly (ObservedLogGroup | GlancedLogGroup)[]
  readonly memo?: Memo
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
    fact: 'uses a group of somebody else, never changes it, and says so where the spec asks for another retention',
    goal: present({ ...plainly, retentionInDays: 14 }),
    observed: [theirs],
    plan: { ...emptyPlan, outputs, memo: notOurs, blocks: [refusal('for ever: leave the field out')] },
  },
  {
    fact: 'uses a group of nobody and never changes it either, and says how to take it over',
    goal: present({ ...plainly, retentionInDays: 14 }),
    observed: [{ ...nobodys, retentionInDays: 3 }],
    plan: {
      ...emptyPlan,
      outputs,
      memo: notOurs,
      blocks: [
        refusal('for 3 days: take it over with the annotation longshore.dev/adopt: "true", or leave the field out'),
      ],
    },
  },
  {
    fact: 'has nothing to say of a group of nobody that is as the spec says',
    goal: present({ ...plainly, retentionInDays: 3 }),
    observed: [{ ...nobodys, retentionInDays: 3 }],
    plan: { ...emptyPlan, outputs, memo: notOurs },
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
    plan: { ...emptyPlan, outputs, memo: notOurs, blocks: [refusal('for ever: leave the field out')] },
  },
  {
    fact: 'sees a retention that differs at a glance',
    goal: present({ ...plainly, retentionInDays: 14 }),
    observed: [glanced],
    plan: { ...emptyPlan, steps: [retention], outputs },
  },
  {
    fact: 'remembers at a glance that a group is not ours to change',
    goal: present({ ...plainly, retentionInDays: 3 }),
    observed: [glanced],
    memo: notOurs,
    plan: { ...emptyPlan, outputs, memo: notOurs },
  },
  { fact: 'removes nothing at a glance', goal: absent('Delete'), observed: [glanced], plan: emptyPlan },
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

for (const { fact, goal, observed, memo = {}, requests = {}, plan } of rows) {
  test(fact, () => {
    const context = { memo, mayBeInUse: () => false, settling: false, requests, now: 0 }

    assert.deepEqual(planLogGroup({ ...context, goal, observed }), plan)
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { durationOf } from './duration.ts'

for (const { fact, calls, duration } of [
  {
    fact: 'few calls come from the burst',
    calls: { 'ecs:CreateCluster': 12 },
    duration: { seconds: 0, slowest: undefined },
  },
  {
    // 20 at once and 1 a second, of which 60 % are ours: 12 at once, then 0.6 a second.
    fact: 'the rest of a class comes at its rate',
    calls: { 'ecs:CreateCluster': 18 },
    duration: { seconds: 10, slowest: 'ecs:cluster-modify' },
  },
  {
    fact: 'operations of a class share its bucket',
    calls: { 'ecs:CreateCluster': 9, 'ecs:DeleteCluster': 9 },
    duration: { seconds: 10, slowest: 'ecs:cluster-modify' },
  },
  {
    fact: 'the slowest class decides',
    calls: { 'ecs:CreateCluster': 18, 'ecs:UpdateService': 36 },
    duration: { seconds: 10, slowest: 'ecs:cluster-modify' },
  },
  {
    fact: 'what AWS publishes no rate for takes no time',
    calls: { 'ecr:CreateRepository': 999 },
    duration: { seconds: 0, slowest: undefined },
  },
]) {
  test(fact, () => assert.deepEqual(durationOf(new Map(Object.entries(calls))), duration))
}

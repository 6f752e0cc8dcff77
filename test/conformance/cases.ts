import assert from 'node:assert/strict'
import type { Reason } from '../../src/core/conditions.ts'

type Spec = Readonly<Record<string, unknown>>

/** What the checks do to the example of a kind beyond what the kind itself declares. */
export interface Cases {
  /** Edits that AWS can follow; the first one leaves something to be changed in AWS. */
  readonly edits: readonly Edit[]
  /** As much of everything as the schema allows, within what etcd takes. */
  readonly silly: (spec: Spec) => Spec
  /** With `secret` wherever users may put what others should not read. */
  readonly withSecret: (spec: Spec, secret: string) => Spec
}

export interface Edit {
  readonly fact: string
  readonly change: (spec: Spec) => Spec
  /** Text that AWS's state holds before the edit and not after it. */
  readonly vanishes?: string
  /** Reason of the condition Ready at the end; absent: InSync. */
  readonly ends?: Reason
}

/** One entry for each kind. */
const CASES: Readonly<Record<string, Cases>> = {
  EcrRepository: {
    edits: [
      { fact: 'another tag', change: (spec) => ({ ...spec, tags: [{ key: 'owner', value: 'blue' }] }) },
      {
        fact: 'policies and tags removed',
        change: (spec) => ({ ...spec, lifecyclePolicy: { rules: [] }, pullPrincipals: [], tags: [] }),
        vanishes: 'first-light',
      },
    ],
    silly: (spec) => ({
      ...spec,
      tags: manyTags(),
      policyText: JSON.stringify({ Version: '2012-10-17', Id: 'x'.repeat(10_000), Statement: [] }),
      pullPrincipals: undefined,
    }),
    withSecret: (spec) => spec,
  },
  EcsCluster: {
    edits: [
      { fact: 'another tag', change: (spec) => ({ ...spec, tags: [{ key: 'owner', value: 'blue' }] }) },
      {
        fact: 'Container Insights off and no tags',
        change: (spec) => ({ ...spec, settings: [{ name: 'containerInsights', value: 'disabled' }], tags: [] }),
        vanishes: 'first-light',
      },
    ],
    silly: (spec) => ({ ...spec, tags: manyTags() }),
    withSecret: (spec) => spec,
  },
  EcsService: {
    edits: [
      { fact: 'another image', change: (spec) => withContainer(spec, { image: 'nginxdemos/hello:plain-text' }) },
      { fact: 'no tags', change: (spec) => ({ ...spec, tags: [] }) },
      {
        fact: 'an image that cannot be pulled',
        change: (spec) => withContainer(spec, { image: 'conformance:bad' }),
        ends: 'RolledBack',
      },
    ],
    silly: (spec) =>
      withContainer(
        { ...spec, tags: manyTags() },
        { environment: Array.from({ length: 150 }, (_, i) => ({ name: `V${i}`, value: 'x'.repeat(250) })) },
      ),
    withSecret: (spec, secret) =>
      withContainer(spec, {
        environment: [{ name: 'TOKEN', value: secret }],
        command: ['serve', secret],
        dockerLabels: { token: secret },
      }),
  },
}

/** Every kind needs its cases: without them half of the checks would check nothing. */
export function casesOf(kind: string): Cases {
  return CASES[kind] ?? assert.fail(`test/conformance/cases.ts has no entry for ${kind}`)
}

const MAX_TAGS = 45

function manyTags() {
  return Array.from({ length: MAX_TAGS }, (_, i) => ({ key: `${i}-${'k'.repeat(120)}`, value: 'v'.repeat(250) }))
}

function withContainer(spec: Spec, changes: object): Spec {
  const taskDefinition = Object(spec['taskDefinition']) as { readonly containerDefinitions: readonly object[] }
  const [first, ...others] = taskDefinition.containerDefinitions
  return {
    ...spec,
    taskDefinition: { ...taskDefinition, containerDefinitions: [{ ...first, ...changes }, ...others] },
  }
}

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { emptyPlan } from '../../core/plan.ts'
import { planRepository, type RepositoryPlan } from './plan.ts'
import type { DesiredRepository, ObservedRepository, RepositoryStep } from './state.ts'

const owner = {
  'longshore.dev/installation': 'i',
  'longshore.dev/namespace': 'demo',
  'longshore.dev/kind': 'EcrRepository',
  'longshore.dev/name': 'hello',
}
const arn = 'arn:aws:ecr:eu-central-1:123456789012:repository/demo/hello'
const url = '123456789012.dkr.ecr.eu-central-1.amazonaws.com/demo/hello'
const policyText = '{"Version":"2012-10-17","Statement":[]}'
const otherPolicyText = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow"}]}'
const lifecycleText = '{"rules":[{"rulePriority":1},{"rulePriority":2}]}'

const unmanaged: DesiredRepository = { repositoryName: 'demo/hello', tags: { owner, wanted: undefined } }

const current: ObservedRepository = {
  repositoryName: 'demo/hello',
  arn,
  uri: url,
  registryId: '123456789012',
  createdAt: '2026-01-01T00:00:00.000Z',
  imageTagMutability: 'MUTABLE',
  exclusionFilters: [],
  scanOnPush: false,
  encryption: { encryptionType: 'AES256' },
  tags: owner,
  lifecyclePolicyText: undefined,
  policyText: undefined,
  hasImages: undefined,
}
const kmsKey = 'arn:aws:kms:eu-central-1:123456789012:key/1234'
const encrypted: ObservedRepository = { ...current, encryption: { encryptionType: 'KMS', kmsKey } }

function present(desired: Partial<DesiredRepository>, observed: Partial<ObservedRepository> | undefined, memo = {}) {
  return planRepository({
    goal: { type: 'present', desired: { ...unmanaged, ...desired } },
    observed: observed ? [{ ...current, ...observed }] : [],
    memo,
  })
}

const policy = (text: string) => ({ text, field: 'spec.policyText' })
const lifecyclePolicy = (text: string) => ({ text, field: 'spec.lifecyclePolicyText' })
const immutable = { imageTagMutability: 'IMMUTABLE', exclusionFilters: [] } as const
const inSync: RepositoryPlan = { ...emptyPlan, outputs: { arn, url } }

describe('planning a repository that is there', () => {
  for (const { fact, desired, observed, steps } of [
    {
      fact: 'leaves what is not managed as it is',
      desired: {},
      observed: { ...immutable, scanOnPush: true, policyText, lifecyclePolicyText: lifecycleText },
      steps: [],
    },
    {
      fact: 'leaves a match alone',
      desired: { mutability: immutable, scanOnPush: false, policy: policy(policyText) },
      observed: { ...immutable, policyText },
      steps: [],
    },
    {
      fact: 'sets tag mutability',
      desired: { mutability: immutable },
      observed: {},
      steps: [{ type: 'set-tag-mutability', mutability: immutable }],
    },
    {
      fact: 'sets tag mutability when only the exceptions differ',
      desired: { mutability: { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusionFilters: ['a*'] } },
      observed: { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusionFilters: ['b*'] },
      steps: [
        {
          type: 'set-tag-mutability',
          mutability: { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusionFilters: ['a*'] },
        },
      ],
    },
    {
      fact: 'takes the same exceptions in another order for equal',
      desired: { mutability: { imageTagMutability: 'MUTABLE_WITH_EXCLUSION', exclusionFilters: ['a*', 'b*'] } },
      observed: { imageTagMutability: 'MUTABLE_WITH_EXCLUSION', exclusionFilters: ['b*', 'a*'] },
      steps: [],
    },
    {
      fact: 'switches scanning on',
      desired: { scanOnPush: true },
      observed: {},
      steps: [{ type: 'set-scan-on-push', scanOnPush: true }],
    },
    {
      fact: 'switches scanning off',
      desired: { scanOnPush: false },
      observed: { scanOnPush: true },
      steps: [{ type: 'set-scan-on-push', scanOnPush: false }],
    },
    {
      fact: 'puts a lifecycle policy',
      desired: { lifecyclePolicy: lifecyclePolicy(lifecycleText) },
      observed: {},
      steps: [{ type: 'put-lifecycle-policy', text: lifecycleText, carries: ['spec.lifecyclePolicyText'] }],
    },
    {
      fact: 'takes lifecycle rules in another order for equal',
      desired: { lifecyclePolicy: lifecyclePolicy(lifecycleText) },
      observed: { lifecyclePolicyText: '{ "rules": [{ "rulePriority": 2 }, { "rulePriority": 1 }] }' },
      steps: [],
    },
    {
      fact: 'deletes a lifecycle policy for an empty one',
      desired: { lifecyclePolicy: lifecyclePolicy('') },
      observed: { lifecyclePolicyText: lifecycleText },
      steps: [{ type: 'delete-lifecycle-policy', carries: ['spec.lifecyclePolicyText'] }],
    },
    {
      fact: 'has no lifecycle policy to delete',
      desired: { lifecyclePolicy: lifecyclePolicy('') },
      observed: {},
      steps: [],
    },
    {
      fact: 'replaces a policy that differs',
      desired: { policy: policy(policyText) },
      observed: { policyText: otherPolicyText },
      steps: [{ type: 'set-policy', text: policyText, carries: ['spec.policyText'] }],
    },
    {
      fact: 'replaces a policy that nobody can read',
      desired: { policy: policy(policyText) },
      observed: { policyText: 'not JSON' },
      steps: [{ type: 'set-policy', text: policyText, carries: ['spec.policyText'] }],
    },
    {
      fact: 'deletes a policy for an empty one',
      desired: { policy: policy('') },
      observed: { policyText },
      steps: [{ type: 'delete-policy', carries: ['spec.policyText'] }],
    },
    {
      fact: 'takes over what nobody owns by our tags, which come first and alone',
      desired: { tags: { owner, wanted: { team: 'blue' } }, scanOnPush: true },
      observed: { tags: { theirs: '1' }, scanOnPush: false },
      steps: [
        { type: 'tag', adopts: true, arn, tags: owner },
        { type: 'set-scan-on-push', scanOnPush: true },
        { type: 'tag', arn, tags: { team: 'blue' } },
      ],
    },
    {
      fact: 'leaves tags of others',
      desired: { tags: { owner, wanted: {} } },
      observed: { tags: { ...owner, theirs: '1' } },
      steps: [],
    },
  ] as const) {
    test(fact, () => {
      const plan = present(desired, observed)

      assert.deepEqual(
        plan.steps.map((step) => ({ ...step, summary: '' })),
        steps.map((step) => ({ ...step, effect: 'change', summary: '' })),
      )
      assert.deepEqual(
        { waits: plan.waits, blocks: plan.blocks, outputs: plan.outputs },
        { waits: [], blocks: [], outputs: { arn, url } },
      )
    })
  }

  test('removes a tag that left the spec, and remembers it until it is gone', () => {
    const memo = { tagKeys: '["app"]' }
    const plan = present({ tags: { owner, wanted: {} } }, { tags: { ...owner, app: 'x' } }, memo)

    assert.deepEqual(plan.steps, [{ type: 'untag', effect: 'change', summary: 'remove tags app', arn, keys: ['app'] }])
    assert.deepEqual(plan.memo, memo)
  })

  for (const { fact, encryption, observed, field } of [
    {
      fact: 'the same encryption',
      encryption: { encryptionType: 'KMS', kmsKey },
      observed: encrypted,
      field: undefined,
    },
    {
      fact: 'the same key by its id',
      encryption: { encryptionType: 'KMS', kmsKey: '1234' },
      observed: encrypted,
      field: undefined,
    },
    {
      fact: 'a key by an alias, which only KMS can resolve',
      encryption: { encryptionType: 'KMS', kmsKey: 'alias/mine' },
      observed: encrypted,
      field: undefined,
    },
    {
      fact: 'any key where none is named',
      encryption: { encryptionType: 'KMS' },
      observed: encrypted,
      field: undefined,
    },
    {
      fact: 'another type',
      encryption: { encryptionType: 'AES256' },
      observed: encrypted,
      field: 'spec.encryptionConfiguration.encryptionType',
    },
    {
      fact: 'another key',
      encryption: { encryptionType: 'KMS', kmsKey: '234' },
      observed: encrypted,
      field: 'spec.encryptionConfiguration.kmsKey',
    },
  ] as const) {
    test(`${field ? 'blocks' : 'accepts'} ${fact}`, () => {
      const { blocks, steps } = present({ encryption }, observed)

      assert.deepEqual(
        blocks.map((block) => [block.reason, block.field]),
        field ? [['ImmutableField', field]] : [],
      )
      assert.deepEqual(steps, [])
    })
  }

  test('a block does not keep the rest from being repaired', () => {
    const plan = present({ encryption: { encryptionType: 'KMS' }, scanOnPush: true }, {})

    assert.deepEqual([plan.blocks.length, plan.steps.map(({ type }) => type)], [1, ['set-scan-on-push']])
  })

  test('a policy that is no JSON object is refused by the name of its field and writes nothing', () => {
    const plan = present({ policy: policy('{'), lifecyclePolicy: lifecyclePolicy('[') }, { policyText })

    assert.deepEqual(plan.steps, [])
    assert.deepEqual(
      plan.blocks.map(({ message }) => message),
      ['spec.lifecyclePolicyText is not a JSON object', 'spec.policyText is not a JSON object'],
    )
  })
})

describe('planning a repository that is not there', () => {
  test('creates it with its tags and settings, then its policies', () => {
    const encryption = { encryptionType: 'KMS' } as const
    const tags = { owner, wanted: { team: 'blue' } }
    const plan = present(
      {
        tags,
        mutability: immutable,
        scanOnPush: true,
        encryption,
        policy: policy(policyText),
        lifecyclePolicy: lifecyclePolicy(lifecycleText),
      },
      undefined,
    )

    assert.deepEqual(plan.steps, [
      {
        type: 'create',
        effect: 'create',
        summary: 'create ECR repository demo/hello',
        repository: {
          repositoryName: 'demo/hello',
          tags: { ...owner, team: 'blue' },
          mutability: immutable,
          scanOnPush: true,
          encryption,
        },
      },
      {
        type: 'put-lifecycle-policy',
        effect: 'change',
        summary: 'put lifecycle policy',
        text: lifecycleText,
        carries: ['spec.lifecyclePolicyText'],
      },
      {
        type: 'set-policy',
        effect: 'change',
        summary: 'set repository policy',
        text: policyText,
        carries: ['spec.policyText'],
      },
    ])
    assert.deepEqual([plan.outputs, plan.memo], [{}, { tagKeys: '["team"]' }])
  })
})

describe('planning that a repository goes', () => {
  const removal = { policy: 'Delete', force: false } as const
  const deletion = (force: boolean) => [
    { type: 'delete', effect: 'delete', summary: 'delete ECR repository demo/hello', force },
  ]
  for (const { fact, goal, observed, steps, waits } of [
    { fact: 'is done when there is none', goal: removal, observed: [], steps: [], waits: [] },
    {
      fact: 'deletes an empty one',
      goal: removal,
      observed: [{ ...current, hasImages: false }],
      steps: deletion(false),
      waits: [],
    },
    {
      fact: 'leaves it to ECR when nobody looked inside',
      goal: removal,
      observed: [current],
      steps: deletion(false),
      waits: [],
    },
    {
      fact: 'waits while there are images',
      goal: removal,
      observed: [{ ...current, hasImages: true }],
      steps: [],
      waits: ['NotEmpty'],
    },
    {
      fact: 'deletes the images as well when forced',
      goal: { ...removal, force: true },
      observed: [{ ...current, hasImages: true }],
      steps: deletion(true),
      waits: [],
    },
    {
      fact: 'takes only our tags off when it stays',
      goal: { policy: 'Retain', force: true },
      observed: [{ ...current, hasImages: true, tags: { ...owner, team: 'blue' } }],
      steps: [
        {
          type: 'untag',
          effect: 'change',
          summary: 'release ECR repository demo/hello',
          arn,
          keys: Object.keys(owner),
        },
      ],
      waits: [],
    },
    {
      fact: 'is done when what stays carries no tag of ours',
      goal: { policy: 'Retain', force: false },
      observed: [{ ...current, tags: {} }],
      steps: [],
      waits: [],
    },
  ] as const) {
    test(fact, () => {
      const plan = planRepository({ goal: { type: 'absent', removal: goal }, observed, memo: {} })

      assert.deepEqual(plan.steps, steps)
      assert.deepEqual(
        plan.waits.map(({ reason }) => reason),
        waits,
      )
    })
  }
})

/** What ECR would show after the step. */
function after(observed: ObservedRepository | undefined, step: RepositoryStep): ObservedRepository | undefined {
  if (step.type === 'create') {
    const { mutability, scanOnPush, encryption, tags } = step.repository
    return {
      ...current,
      ...mutability,
      scanOnPush: scanOnPush ?? false,
      encryption: encryption ?? current.encryption,
      tags,
    }
  }
  if (!observed) throw new Error(`${step.type} on nothing`)
  switch (step.type) {
    case 'set-tag-mutability':
      return { ...observed, ...step.mutability }
    case 'set-scan-on-push':
      return { ...observed, scanOnPush: step.scanOnPush }
    case 'put-lifecycle-policy':
      return { ...observed, lifecyclePolicyText: step.text }
    case 'delete-lifecycle-policy':
      return { ...observed, lifecyclePolicyText: undefined }
    case 'set-policy':
      return { ...observed, policyText: step.text }
    case 'delete-policy':
      return { ...observed, policyText: undefined }
    case 'tag':
      return { ...observed, tags: { ...observed.tags, ...step.tags } }
    case 'untag':
      return {
        ...observed,
        tags: Object.fromEntries(Object.entries(observed.tags).filter(([key]) => !step.keys.includes(key))),
      }
    case 'delete':
      if (observed.hasImages === true && !step.force) throw new Error('ECR refuses to delete images without force')
      return undefined
  }
}

const mutabilities = fc.constantFrom(
  immutable,
  { imageTagMutability: 'MUTABLE', exclusionFilters: [] } as const,
  { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusionFilters: ['a*', 'b*'] } as const,
  { imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', exclusionFilters: ['b*'] } as const,
)
const encryptions = fc.constantFrom({ encryptionType: 'AES256' } as const, { encryptionType: 'KMS', kmsKey } as const)
const userTags = fc.dictionary(fc.constantFrom('team', 'app'), fc.constantFrom('', 'x'))
const absent = fc.constant(undefined)
const desiredText = (...texts: string[]) => fc.option(fc.constantFrom('', ...texts), { nil: undefined })

const desiredStates: fc.Arbitrary<DesiredRepository> = fc
  .record({
    mutability: fc.oneof(absent, mutabilities),
    scanOnPush: fc.oneof(absent, fc.boolean()),
    encryption: fc.oneof(absent, encryptions),
    lifecycle: desiredText(lifecycleText, 'no JSON'),
    policyText: desiredText(policyText, otherPolicyText, 'no JSON'),
    wanted: fc.oneof(absent, userTags),
  })
  .map(({ mutability, scanOnPush, encryption, lifecycle, policyText: text, wanted }) => ({
    ...unmanaged,
    tags: { owner, wanted },
    mutability,
    scanOnPush,
    encryption,
    lifecyclePolicy: lifecycle === undefined ? undefined : lifecyclePolicy(lifecycle),
    policy: text === undefined ? undefined : policy(text),
  }))

const observedStates: fc.Arbitrary<ObservedRepository | undefined> = fc.option(
  fc
    .record({
      mutability: mutabilities,
      scanOnPush: fc.boolean(),
      encryption: encryptions,
      lifecyclePolicyText: fc.oneof(absent, fc.constantFrom(lifecycleText, '{"rules":[]}')),
      policyText: fc.oneof(absent, fc.constantFrom(policyText, otherPolicyText)),
      tags: userTags.map((tags) => ({ ...owner, ...tags, theirs: '1' })),
      hasImages: fc.constantFrom(undefined, true, false),
    })
    .map(({ mutability, ...rest }) => ({ ...current, ...mutability, ...rest })),
  { nil: undefined },
)

// ECR refuses to delete images that nobody looked for; that is not for the plan to know.
const removable = (state: ObservedRepository | undefined) => state && { ...state, hasImages: state.hasImages ?? false }
const seen = (state: ObservedRepository | undefined) => (state ? [state] : [])

test('from any state, one round of steps leads to a repository in sync, with the tags of others', () => {
  fc.assert(
    fc.property(desiredStates, observedStates, (desired, start) => {
      const goal = { type: 'present', desired } as const

      const plan = planRepository({ goal, observed: seen(start), memo: {} })
      const end = plan.steps.reduce(after, start)

      assert.ok(end)
      assert.deepEqual(planRepository({ goal, observed: [end], memo: plan.memo }).steps, [])
      assert.equal(end.tags['theirs'], start?.tags['theirs'])
    }),
    { numRuns: 500 },
  )
})

test('from any state, what shall go is gone, or waits for its images to go', () => {
  fc.assert(
    fc.property(fc.boolean(), observedStates.map(removable), (force, start) => {
      const goal = { type: 'absent', removal: { policy: 'Delete', force } } as const

      const plan = planRepository({ goal, observed: seen(start), memo: {} })
      const end = plan.steps.reduce(after, start)

      assert.equal(end === undefined, plan.waits.length === 0)
    }),
  )
})

test('from any state, what is released carries nothing of ours and keeps the rest', () => {
  fc.assert(
    fc.property(observedStates, (start) => {
      const goal = { type: 'absent', removal: { policy: 'Retain', force: false } } as const

      const plan = planRepository({ goal, observed: seen(start), memo: {} })
      const end = plan.steps.reduce(after, start)

      const kept = Object.entries(start?.tags ?? {}).filter(([key]) => !(key in owner))
      assert.deepEqual(end, start && { ...start, tags: Object.fromEntries(kept) })
    }),
  )
})

test('a repository in sync has outputs and nothing to do', () => assert.deepEqual(present({}, {}), inSync))

import fc from 'fast-check'

/**
 * A random problem before it is a document. Words are small numbers that point into lists, so that shrinking drops
 * features and groups, and so that names meet: what one group asks for is often what another group or a pool has.
 */
export interface ProblemWords {
  readonly types: readonly TypeWords[]
  readonly pools: readonly PoolWords[]
  readonly groups: readonly GroupWords[]
  readonly nodes: readonly NodeWords[]
  readonly daemons: readonly DaemonWords[]
  readonly prodNamespaces: readonly number[]
}

export interface TypeWords {
  readonly family: number
  readonly size: number
  readonly zones: readonly number[]
  /** In hundredths of what the resources are worth. */
  readonly worth: number
  readonly spot: 'none' | 'cheap' | 'sold-out'
  readonly pods: number
}

export interface PoolWords {
  readonly requirements: readonly RequirementWords[]
  readonly taint: number | undefined
  readonly startupTaint: boolean
  readonly weight: number | undefined
  readonly limitCpu: number | undefined
  readonly team: number | undefined
  readonly rack: number | undefined
}

export interface RequirementWords {
  readonly about: 'arch' | 'zone' | 'not-zone' | 'capacity' | 'category' | 'small' | 'large' | 'team' | 'tier' | 'gpu'
  readonly values: readonly number[]
  readonly minValues: number | undefined
}

export interface GroupWords {
  readonly app: number
  readonly namespace: number
  readonly revision: number
  readonly replicas: number
  /** How many more of them run already, on running nodes in turn. */
  readonly bound: number
  readonly cpu: number
  readonly memory: number
  readonly features: readonly FeatureWords[]
}

export type FeatureWords =
  | { readonly type: 'select'; readonly key: number; readonly value: number }
  | { readonly type: 'node-affinity'; readonly terms: readonly (readonly ExpressionWords[])[] }
  | { readonly type: 'tolerate'; readonly taint: number }
  | {
      readonly type: 'spread'
      readonly key: number
      readonly maxSkew: number
      readonly minDomains: number | undefined
      readonly target: TargetWords
      readonly soft: boolean
      readonly policies: number
      readonly byRevision: boolean
    }
  | { readonly type: 'near' | 'apart'; readonly key: number; readonly target: TargetWords; readonly soft: boolean }
  | { readonly type: 'port'; readonly port: number; readonly address: number; readonly udp: boolean }
  | { readonly type: 'volume'; readonly storage: StorageWords; readonly zone: number; readonly shared: boolean }
  | { readonly type: 'gpu' }
  | { readonly type: 'init' | 'sidecar' | 'overhead'; readonly cpu: number; readonly first: boolean }
  | { readonly type: 'prefer'; readonly zone: number; readonly weight: number }

export interface ExpressionWords {
  readonly key: number
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt'
  readonly values: readonly number[]
}

/** Whom a spread or affinity term is about. */
export interface TargetWords {
  readonly app: 'own' | 'all' | number
  readonly namespaces: 'own' | 'all' | 'prod' | 'other'
  readonly keys: 'none' | 'match' | 'mismatch'
}

export type StorageWords =
  'bound' | 'bound-by-driver-key' | 'waiting' | 'allowed' | 'one-pod' | 'many' | 'ephemeral' | 'missing'

export interface NodeWords {
  readonly cpu: number
  readonly zone: number
  readonly pool: number | undefined
  readonly team: number | undefined
  readonly spot: boolean
  readonly taint: number | undefined
  readonly cordoned: boolean
  readonly hasDaemons: boolean
  readonly attachLimit: number | undefined
}

export interface DaemonWords {
  readonly cpu: number
  readonly tolerates: 'all' | 'none'
  readonly arch: number | undefined
  readonly port: number | undefined
  readonly limitOnly: boolean
}

const few = (most: number) => fc.nat({ max: most - 1 })
const seldom = <T>(arbitrary: fc.Arbitrary<T>, oneIn: number) =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
/** Absent more often than not. */
const rarely = <T>(arbitrary: fc.Arbitrary<T>) => seldom(arbitrary, 3)
const sometimes = (oneIn: number) => fc.integer({ min: 0, max: oneIn - 1 }).map((drawn) => drawn === oneIn - 1)

/** How large a problem may grow. */
export interface ProblemSize {
  readonly types: number
  readonly pools: number
  readonly groups: number
  readonly replicas: number
  readonly nodes: number
  readonly zones: number
}

function typeWords({ zones }: ProblemSize): fc.Arbitrary<TypeWords> {
  return fc.record({
    family: few(7),
    size: few(5),
    zones: fc.uniqueArray(few(zones), { minLength: 1, maxLength: zones }),
    worth: fc.integer({ min: 70, max: 140 }),
    spot: fc.constantFrom('none', 'none', 'cheap', 'cheap', 'sold-out'),
    pods: fc.constantFrom(58, 58, 29, 8, 4),
  })
}

const requirementWords: fc.Arbitrary<RequirementWords> = fc.record({
  about: fc.constantFrom('arch', 'zone', 'not-zone', 'capacity', 'category', 'small', 'large', 'team', 'tier', 'gpu'),
  values: fc.uniqueArray(few(3), { minLength: 1, maxLength: 3 }),
  minValues: seldom(fc.integer({ min: 1, max: 3 }), 6),
})

const poolWords: fc.Arbitrary<PoolWords> = fc.record({
  requirements: fc.array(requirementWords, { maxLength: 2 }),
  taint: seldom(few(2), 6),
  startupTaint: sometimes(5),
  weight: rarely(fc.constantFrom(1, 10, 50)),
  limitCpu: seldom(fc.constantFrom(4, 10, 24, 64), 4),
  team: seldom(few(2), 4),
  rack: seldom(few(2), 5),
})

const targetWords: fc.Arbitrary<TargetWords> = fc.record({
  app: fc.oneof({ weight: 6, arbitrary: fc.constant('own' as const) }, few(4), fc.constant('all' as const)),
  namespaces: fc.constantFrom('own', 'own', 'own', 'own', 'all', 'prod', 'other'),
  keys: fc.constantFrom('none', 'none', 'none', 'none', 'match', 'mismatch'),
})

const expressionWords: fc.Arbitrary<ExpressionWords> = fc.record({
  key: few(8),
  operator: fc.constantFrom('In', 'In', 'In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'),
  values: fc.uniqueArray(few(3), { minLength: 1, maxLength: 2 }),
})

const featureWords: fc.Arbitrary<FeatureWords> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ type: fc.constant('select' as const), key: few(8), value: few(3) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('node-affinity' as const),
      terms: fc.array(fc.array(expressionWords, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('tolerate' as const), taint: few(3) }) },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant('spread' as const),
      key: few(10),
      maxSkew: fc.integer({ min: 1, max: 3 }),
      minDomains: seldom(fc.integer({ min: 1, max: 4 }), 5),
      target: targetWords,
      soft: sometimes(6),
      policies: few(6),
      byRevision: sometimes(6),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constantFrom('near' as const, 'apart' as const, 'apart' as const),
      key: few(10),
      target: targetWords,
      soft: sometimes(6),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('port' as const), port: few(3), address: few(3), udp: sometimes(4) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('volume' as const),
      storage: fc.constantFrom<StorageWords[]>(
        'bound',
        'bound',
        'bound-by-driver-key',
        'waiting',
        'allowed',
        'allowed',
        'one-pod',
        'many',
        'ephemeral',
        'missing',
      ),
      zone: few(3),
      shared: sometimes(4),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('gpu' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constantFrom('init' as const, 'sidecar' as const, 'overhead' as const),
      cpu: few(6),
      first: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('prefer' as const),
      zone: few(3),
      weight: fc.integer({ min: 1, max: 100 }),
    }),
  },
)

function groupWords({ replicas }: ProblemSize): fc.Arbitrary<GroupWords> {
  return fc.record({
    app: few(4),
    namespace: fc.constantFrom(0, 0, 0, 1),
    revision: few(2),
    replicas: fc.integer({ min: 1, max: replicas }),
    bound: fc.constantFrom(0, 0, 0, 1, 2),
    cpu: few(8),
    memory: few(8),
    features: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 3, arbitrary: fc.tuple(featureWords) },
      { weight: 1, arbitrary: fc.array(featureWords, { minLength: 2, maxLength: 3 }) },
    ),
  })
}

function nodeWords({ zones }: ProblemSize): fc.Arbitrary<NodeWords> {
  return fc.record({
    cpu: fc.constantFrom(1, 2, 4, 8),
    zone: few(zones),
    pool: fc.option(few(3), { nil: undefined }),
    team: seldom(few(2), 4),
    spot: sometimes(4),
    taint: seldom(few(3), 5),
    cordoned: sometimes(8),
    hasDaemons: fc.boolean(),
    attachLimit: rarely(fc.integer({ min: 0, max: 3 })),
  })
}

const daemonWords: fc.Arbitrary<DaemonWords> = fc.record({
  cpu: few(4),
  tolerates: fc.constantFrom('all', 'none'),
  arch: seldom(few(2), 4),
  port: seldom(few(3), 5),
  limitOnly: sometimes(4),
})

export function problemWords(size: ProblemSize): fc.Arbitrary<ProblemWords> {
  return fc.record({
    types: fc.array(typeWords(size), { minLength: 1, maxLength: size.types }),
    pools: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 6, arbitrary: fc.array(poolWords, { minLength: 1, maxLength: size.pools }) },
    ),
    groups: fc.array(groupWords(size), { minLength: 1, maxLength: size.groups }),
    nodes: fc.array(nodeWords(size), { maxLength: size.nodes }),
    daemons: fc.array(daemonWords, { maxLength: 2 }),
    prodNamespaces: fc.uniqueArray(few(2), { maxLength: 2 }),
  })
}

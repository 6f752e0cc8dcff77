import * as z from 'zod'
import { Failure, type FailureCode } from '../../src/core/failure.ts'
import { isOutput, type Deferred } from '../../src/core/output.ts'
import { emptyPlan, type Plan, type PlanInput, type Removal } from '../../src/core/plan.ts'
import type { Claimant } from '../../src/aws/pace.ts'
import type { Instant } from '../../src/core/ports.ts'
import type { Owner } from '../../src/core/owner.ts'
import type { ResourceType } from '../../src/kube/cluster.ts'
import { composed } from '../../src/reconciler/composed.ts'
import type { Kind } from '../../src/reconciler/kind.ts'
import type { Resource, Scope } from '../../src/reconciler/resource.ts'

/** A thing in the toy cloud. Boxes have a colour; labels are stuck on the box with the ARN `on`. */
export interface Thing {
  readonly name: string
  readonly arn: string
  readonly colour: string
  readonly on: string | undefined
  readonly owner: string
}

/** A cloud of boxes and labels whose calls can be made to fail, lose their answer or answer with old news. */
export interface ToyCloud {
  readonly things: Map<string, Thing>
  /** Every write that took effect: `create box/red`. */
  readonly writes: string[]
  /** Called before each call (`read box/red`, `create box/red`); may throw, or make it wait. */
  before: (call: string) => void | Promise<void>
  /** Called after the effect of each write; may throw: the answer is lost. */
  after: (call: string) => void
  /** ARNs that something outside of the composition uses, and what that is. */
  readonly usedBy: Map<string, string>
  /** When set, reads see this instead of the present. */
  stale: ReadonlyMap<string, Thing> | undefined
}

export function createToyCloud(): ToyCloud {
  return {
    things: new Map(),
    usedBy: new Map(),
    writes: [],
    before: () => undefined,
    after: () => undefined,
    stale: undefined,
  }
}

export function failing(code: FailureCode): () => never {
  return () => {
    throw new Failure(code, 'toy:Call')
  }
}

interface Desired {
  readonly name: string
  /** Undefined: not managed. */
  readonly colour: string | undefined
  readonly owner: string
  readonly on?: Deferred<string>
}
type ToyStep =
  | { readonly type: 'create'; readonly effect: 'create'; readonly summary: string; readonly thing: Desired }
  | { readonly type: 'paint'; readonly effect: 'change'; readonly summary: string; readonly colour: string }
  | {
      readonly type: 'own'
      readonly effect: 'change'
      readonly summary: string
      readonly adopts: true
      readonly owner: string
    }
  | { readonly type: 'disown'; readonly effect: 'change'; readonly summary: string }
  | { readonly type: 'delete'; readonly effect: 'delete'; readonly summary: string }

export type ToyResource = Resource<Desired, Thing, ToyStep, 'arn'>

function createToyResource(cloud: ToyCloud, type: string): ToyResource {
  const write = async (verb: string, key: string, effect: () => void): Promise<void> => {
    const call = `${verb} ${type}/${key}`
    await cloud.before(call)
    effect()
    cloud.writes.push(call)
    cloud.after(call)
  }
  return {
    type,
    identify: ({ name }) => name,
    observe: async ({ key, owner }) => {
      await cloud.before(`read ${type}/${key}`)
      const found = (cloud.stale ?? cloud.things).get(`${type}/${key}`)
      if (found === undefined) return { type: 'known', items: [] }
      if (found.owner === 'nobody') return { type: 'foreign', message: `${type} ${key} is not ours`, items: [found] }
      if (found.owner !== owner.name) return { type: 'foreign', message: `${type} ${key} belongs to ${found.owner}` }
      return { type: 'known', items: [found] }
    },
    uses: ({ on }) => (on === undefined ? [] : [on]),
    plan: (input) => planToy(input, cloud),
    apply: async (step, { key, owner }) => {
      const id = `${type}/${key}`
      switch (step.type) {
        case 'create': {
          const { thing } = step
          await write('create', key, () =>
            cloud.things.set(id, {
              ...thing,
              colour: thing.colour ?? 'white',
              on: thing.on,
              arn: `arn:${id}`,
              owner: owner.name,
            }),
          )
          return { arn: `arn:${id}` }
        }
        case 'paint':
          await write('paint', key, () => change(cloud, id, { colour: step.colour }))
          return {}
        case 'own':
          await write('own', key, () => change(cloud, id, { owner: step.owner }))
          return {}
        case 'disown':
          await write('disown', key, () => change(cloud, id, { owner: 'nobody' }))
          return {}
        case 'delete':
          await write('delete', key, () => cloud.things.delete(id))
          return {}
      }
    },
    findOwned: async (owner: Owner) =>
      [...cloud.things]
        .filter(([id, thing]) => id.startsWith(`${type}/`) && thing.owner === owner.name)
        .map(([, { name }]) => name),
    permissions: [],
    drifts: [],
    keysVary: type === 'box',
  }
}

function change(cloud: ToyCloud, id: string, members: Partial<Thing>): void {
  const thing = cloud.things.get(id)
  if (thing === undefined) throw new Failure('not-found', 'toy:Change')
  cloud.things.set(id, { ...thing, ...members })
}

type ToyPlan = Plan<ToyStep, 'arn'>

function planToy(input: PlanInput<Desired, Thing>, { usedBy }: ToyCloud): ToyPlan {
  const { goal, observed, mayBeInUse, memo } = input
  const [thing] = observed
  if (goal.type === 'absent') {
    const isUsed = (arn: string): boolean => mayBeInUse(arn) || usedBy.has(arn)
    return thing === undefined ? emptyPlan : planAway(thing, goal.removal.policy, isUsed)
  }
  const { desired } = goal
  if (thing !== undefined) return { ...planThing(thing, desired), memo }
  const summary = `create ${desired.name}`
  return { ...emptyPlan, memo, steps: [{ type: 'create', effect: 'create', summary, thing: desired }] }
}

function planAway(thing: Thing, policy: Removal['policy'], isUsed: (arn: string) => boolean): ToyPlan {
  if (policy === 'Retain') return { ...emptyPlan, steps: [{ type: 'disown', effect: 'change', summary: 'disown' }] }
  if (isUsed(thing.arn)) return { ...emptyPlan, waits: [{ reason: 'InUse', message: 'in use', pollSeconds: 5 }] }
  return { ...emptyPlan, steps: [{ type: 'delete', effect: 'delete', summary: 'delete' }] }
}

function planThing({ colour, on, arn, owner }: Thing, desired: Desired): ToyPlan {
  const own = { type: 'own', effect: 'change', summary: 'own', adopts: true, owner: desired.owner } as const
  const { colour: wanted = colour } = desired
  const paint = { type: 'paint', effect: 'change', summary: 'paint', colour: wanted } as const
  const moves = desired.on !== undefined && !isOutput(desired.on) && on !== desired.on
  return {
    ...emptyPlan,
    steps: [...(owner === desired.owner ? [] : [own]), ...(colour === wanted ? [] : [paint])],
    blocks: moves ? [immutable] : [],
    outputs: { arn },
  }
}

const immutable = { reason: 'ImmutableField', message: 'spec.on cannot change', field: 'spec.on' } as const

const ToySpec = z.strictObject({
  colour: z.string(),
  boxName: z.string().optional(),
  labelName: z.string().optional(),
  labelColour: z.string().optional(),
  boxRef: z.string().optional(),
  count: z.int().optional(),
})
type ToySpec = z.infer<typeof ToySpec>
interface ToyStatus {
  readonly boxArn?: string
}

export const toyType: ResourceType = { group: 'toy.test', version: 'v1', plural: 'toys', kind: 'Toy', namespaced: true }

/** A box with a label on it, named after the object. */
export function createToyKind(cloud: ToyCloud): Kind<ToySpec, ToyStatus> {
  const box = createToyResource(cloud, 'box')
  const label = createToyResource(cloud, 'label')
  return {
    kind: 'Toy',
    presentation: { plural: 'toys', singular: 'toy', shortNames: [], description: 'A toy.', printerColumns: [] },
    schema: { spec: ToySpec, status: z.looseObject({}) as z.ZodType<ToyStatus> },
    resources: [box, label],
    references: ({ boxRef }) =>
      boxRef === undefined ? [] : [{ field: 'boxRef', kind: 'Toy', name: boxRef, output: 'boxArn' }],
    compose: ({ owner, spec }) => {
      const own = composed('box', box, { name: spec.boxName ?? owner.name, colour: spec.colour, owner: owner.name })
      return [
        own,
        composed(
          'label',
          label,
          { name: spec.labelName ?? owner.name, colour: spec.labelColour, owner: owner.name, on: own.output('arn') },
          { dependsOn: ['box'] },
        ),
      ]
    },
    status: ({ report, previous }) => {
      const boxArn = report('box', box)?.outputs.arn ?? previous.boxArn
      return { fields: boxArn === undefined ? {} : { boxArn } }
    },
    provides: (status) => ({ ...status }),
    fillIn: ({ count }, report) =>
      count === undefined && report('box', box)?.observation.type === 'known' ? { count: 1 } : {},
    driftSeconds: 300,
    closeLookSeconds: 3600,
    immutable: [{ field: 'labelName', otherValue: 'another' }],
  }
}

/** A scope without AWS: the toys bring their own cloud. */
export const toyScope = toyScopeWith(undefined)

/** The same where answers are those that a pass before was given at this time, and where passes are told of. */
export function toyScopeWith(readsSince: Instant | undefined, onPass?: (isOver: () => boolean) => void): Scope {
  const actingFor = (_: Claimant, isOver: () => boolean): object => {
    onPass?.(isOver)
    return aws
  }
  const aws: object = { actingFor, readsSince: () => readsSince }
  return { accountId: '123456789012', region: 'us-east-1', partition: 'aws', aws } as unknown as Scope
}

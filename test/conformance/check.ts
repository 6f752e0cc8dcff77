import assert from 'node:assert/strict'
import type { Condition } from '../../src/core/conditions.ts'
import type { KubeObject } from '../../src/kube/cluster.ts'
import { statusOf } from '../../src/reconciler/managed.ts'
import { createConformanceAws, SECRET_KEY, type Carriage, type ConformanceAws } from './aws.ts'
import { statusProblems } from './status-rules.ts'
import type { Subject } from './subject.ts'
import { createWorld, type Manifest, type World } from './world.ts'

/** One thing that every kind has to do right. Throws when it does not. */
export interface Check {
  /** A fact, unique for its kind. */
  readonly name: string
  /** Absent: direct. */
  readonly carriage?: Carriage
  readonly run: (stage: Stage) => Promise<void>
}

/** Where one check plays: worlds whose every status is looked at, and that may do only what the kinds declare. */
export interface Stage {
  readonly subject: Subject
  readonly manifests: readonly Manifest[]
  readonly freshWorld: (options?: WorldChoice) => World
  /** A world in which the example is Ready. */
  readonly madeWorld: () => Promise<World>
  /** A world in which only what the example needs is Ready. */
  readonly preparedWorld: () => Promise<World>
}

interface WorldChoice {
  /** An account that is there already. */
  readonly aws?: ConformanceAws
  readonly installationId?: string
}

/** What a check left behind. */
export interface Traces {
  /** IAM actions that the operator used. */
  readonly usedActions: ReadonlySet<string>
  /** Every version of every object, in the order of their writes within a world. */
  readonly versions: readonly KubeObject[]
}

/** Value that must not show in anything that the operator says. */
export const SECRET = 'marker-of-a-secret-value'

/** Runs one check. Throws what the check throws, or what its worlds did wrong meanwhile. */
export async function runCheck(check: Check, subject: Subject): Promise<Traces> {
  const problems: string[] = []
  const worlds: World[] = []
  const notebook = { worlds, report: (problem: string) => void problems.push(problem) }
  await check.run(createStage(subject, notebook, check.carriage))
  assert.deepEqual([...problems, ...worlds.flatMap(leaks)], [])
  return {
    usedActions: new Set(worlds.flatMap(({ aws }) => [...aws.usedActions()])),
    versions: worlds.flatMap(({ cluster }) => cluster.history()),
  }
}

interface Notebook {
  readonly worlds: World[]
  readonly report: (problem: string) => void
}

function createStage(subject: Subject, { worlds, report }: Notebook, carriage: Carriage = 'direct'): Stage {
  const manifests = [...subject.needs, subject.manifest]
  const freshWorld: Stage['freshWorld'] = (choice = {}) => {
    const { aws = createConformanceAws(carriage), installationId = 'ours' } = choice
    aws.allowOnly(declaredActions(subject))
    const world: World = createWorld({
      aws,
      installationId,
      kinds: subject.kinds,
      watcher: {
        onStatus: (before, after) => problemsOf(subject, before, after).forEach(report),
        onGone: async (object) => (await ownedBy(world, subject, object, installationId)).forEach(report),
      },
    })
    worlds.push(world)
    return world
  }
  const worldWith = async (ready: readonly Manifest[]): Promise<World> => {
    const world = freshWorld()
    world.apply(...ready)
    await world.settle()
    for (const manifest of ready) assertReady(world, manifest)
    return world
  }
  return {
    subject,
    manifests,
    freshWorld,
    madeWorld: () => worldWith(manifests),
    preparedWorld: () => worldWith(subject.needs),
  }
}

/** IAM actions that the kinds of the example declare. */
function declaredActions({ kinds, manifest, needs }: Subject): readonly string[] {
  const involved = kinds.filter(({ kind }) => [manifest, ...needs].some((each) => each.kind === kind))
  return involved.flatMap(({ resources }) => resources.flatMap(actionsOf))
}

function actionsOf({ permissions }: Subject['kind']['resources'][number]): readonly string[] {
  return permissions.map(({ action }) => action)
}

function problemsOf({ sound, kinds }: Subject, before: KubeObject, after: KubeObject): readonly string[] {
  const kind = [sound, ...kinds].find((each) => each.kind === after.kind) ?? assert.fail()
  const found = statusProblems(kind, before, after)
  return found.map((problem) => `${after.kind} ${after.metadata.name}: ${problem}`)
}

/** The finalizer may go only when nothing in AWS carries our mark any more. */
async function ownedBy(
  { aws, scope }: World,
  { sound, kinds }: Subject,
  { kind, metadata }: KubeObject,
  installationId: string,
): Promise<readonly string[]> {
  const { resources } = [sound, ...kinds].find((each) => each.kind === kind) ?? assert.fail()
  const { namespace = '', name } = metadata
  const owner = { installationId, namespace, kind, name }
  const owned = resources.map((resource) => resource.findOwned(owner, scope, new AbortController().signal))
  const keys = (await aws.drive(Promise.all(owned))).flat()
  return keys.map((key) => `${kind} ${name} is gone from the cluster, and AWS still has its ${key}`)
}

/** Where a secret showed: status, events and log may be read by many. */
function leaks({ cluster, events, log, aws }: World): readonly string[] {
  const said = {
    status: cluster.history().map(({ status }) => status),
    events: events.map(({ note }) => note),
    log: log.map(({ message, fields }) => [message, fields]),
    calls: aws.userAgents(),
  }
  return Object.entries(said).flatMap(([where, value]) => {
    const text = JSON.stringify(value)
    return [SECRET, SECRET_KEY].filter((secret) => text.includes(secret)).map((secret) => `${secret} is in ${where}`)
  })
}

export function objectOf(world: World, manifest: Manifest): KubeObject {
  return world.object(manifest) ?? assert.fail(`${manifest.kind} is gone`)
}

export function conditionOf(world: World, manifest: Manifest, type: Condition['type']): Condition | undefined {
  return statusOf(objectOf(world, manifest)).conditions?.find((condition) => condition.type === type)
}

export function readyOf(world: World, manifest: Manifest): Condition {
  return conditionOf(world, manifest, 'Ready') ?? assert.fail(`${manifest.kind} has no condition`)
}

export function assertReady(world: World, manifest: Manifest): void {
  const ready = readyOf(world, manifest)
  assert.equal(ready.status, 'True', `${ready.reason}: ${ready.message}`)
  const object = objectOf(world, manifest)
  assert.equal(statusOf(object).observedGeneration, object.metadata.generation)
}

/** Sets our annotations (without their prefix), and no others of ours. */
export function annotate(world: World, manifest: Manifest, requests: Readonly<Record<string, string>>): void {
  const { spec } = world.object(manifest) ?? manifest
  world.apply(annotated({ ...manifest, spec }, requests))
}

export function annotated(manifest: Manifest, requests: Readonly<Record<string, string>>): Manifest {
  const entries = Object.entries(requests).map(([name, value]) => [`longshore.dev/${name}`, value] as const)
  return { ...manifest, metadata: { ...manifest.metadata, annotations: Object.fromEntries(entries) } }
}

/** The spec as it stands in the cluster, changed. */
export function edit(world: World, manifest: Manifest, change: (spec: Spec) => unknown): void {
  const { spec, metadata } = objectOf(world, manifest)
  const { annotations = {} } = metadata
  world.apply({ ...manifest, metadata: { ...manifest.metadata, annotations }, spec: change(specOf(spec)) })
}

type Spec = Readonly<Record<string, unknown>>

export function specOf(spec: unknown): Spec {
  return Object(spec) as Spec
}

/** Deletes all of it, also what is kept unless its deletion is asked for. */
export async function removeAll(world: World, manifests: readonly Manifest[]): Promise<void> {
  for (const manifest of manifests) annotate(world, manifest, { 'deletion-policy': 'Delete' })
  for (const manifest of manifests) await world.remove(manifest)
  await world.settle()
}

/** Everything was deleted, in the cluster and in AWS. */
export function assertNothingLeft(world: World, manifests: readonly Manifest[], message = 'something is left'): void {
  const objects = manifests.flatMap((manifest) => world.object(manifest) ?? [])
  assert.deepEqual({ objects, live: world.aws.live() }, { objects: [], live: {} }, message)
}

export interface Writes {
  readonly aws: readonly string[]
  readonly kubernetes: readonly string[]
  readonly events: number
}

/** Everything that the operator did and told so far. */
export function writesOf(world: World): Writes {
  return { aws: [...world.aws.writes()], kubernetes: [...world.cluster.writes], events: world.events.length }
}

/** Steps that the operator says to have taken, oldest first. */
export function stepsOf({ log }: World): readonly { readonly resource: string; readonly step: string }[] {
  return log
    .filter(({ message }) => message === 'applied step')
    .map(({ fields }) => ({ resource: String(fields['resource']), step: String(fields['step']) }))
}

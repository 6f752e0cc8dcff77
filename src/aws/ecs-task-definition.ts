import {
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
  TagResourceCommand,
  UntagResourceCommand,
  type ECSClient,
  type RegisterTaskDefinitionRequest,
  type TaskDefinition,
} from '@aws-sdk/client-ecs'
import type { Tags } from '../core/owner.ts'
import { Failure } from '../core/failure.ts'
import { allPages } from './pages.ts'
import { commandInputFrom, type Plain } from './plain.ts'
import type { SendTo } from './send.ts'
import { lowerTagsFrom, tagsFrom } from './tags.ts'

/** What a revision consists of; its family and tags stand beside it. */
export type TaskDefinitionContent = Plain<Omit<RegisterTaskDefinitionRequest, 'family' | 'tags'>>

export interface NewRevision {
  readonly family: string
  readonly content: TaskDefinitionContent
  readonly tags: Tags
  /** What `DigestOf` makes of the content: saves reading what was just written. */
  readonly digest?: string
}

/** One ACTIVE revision of a family. */
export interface RevisionState {
  readonly arn: string
  readonly family: string
  readonly revision: number
  readonly tags: Tags
  /** What `DigestOf` made of the content: the content of every revision would be too much to keep. */
  readonly digest: string
}

/** A short text that stands for a content; one and the same function in all calls of a session. */
export type DigestOf = (content: Partial<TaskDefinitionContent>) => string

/** Task definitions in ECS. Every method throws `Failure`. */
export interface EcsTaskDefinitionPort {
  /** The ACTIVE revisions of exactly this family, newest first. A revision is described once: it never changes. */
  readonly listActive: (family: string, digestOf: DigestOf, signal: AbortSignal) => Promise<readonly RevisionState[]>
  /** The next look reads these again: their tags matter, and others may change them. */
  readonly forget: (arns: readonly string[]) => void
  /** Names of all families that have an ACTIVE revision. */
  readonly listFamilies: (signal: AbortSignal) => Promise<readonly string[]>
  /** Registers a revision and answers its ARN. AWS has no idempotency token for it. */
  readonly register: (revision: NewRevision, signal: AbortSignal) => Promise<string>
  readonly deregister: (arn: string, signal: AbortSignal) => Promise<void>
  readonly tag: (arn: string, tags: Tags, signal: AbortSignal) => Promise<void>
  readonly untag: (arn: string, keys: readonly string[], signal: AbortSignal) => Promise<void>
}

/** Revisions by ARN. Shared by the ports of one account and region: what one of them writes, all forget. */
export type RevisionCache = Map<string, Described>

type Described = Pick<RevisionState, 'tags' | 'digest'>

export interface EcsTaskDefinitionPortDeps {
  readonly send: SendTo<ECSClient>
  readonly cache: RevisionCache
}

// More than one process has in use, and a bound on memory: 20,000 entries of some tags each are a few megabytes.
const MAX_CACHED = 20_000

export function createEcsTaskDefinitionPort({ send, cache }: EcsTaskDefinitionPortDeps): EcsTaskDefinitionPort {
  async function describe(arn: string, digestOf: DigestOf, signal: AbortSignal): Promise<Described> {
    const cached = cache.get(arn)
    if (cached) return cached
    const answer = await send(new DescribeTaskDefinitionCommand({ taskDefinition: arn, include: ['TAGS'] }), signal)
    const described = { tags: tagsFrom(answer.tags), digest: digestOf(contentFrom(answer.taskDefinition ?? {})) }
    remember(arn, described)
    return described
  }

  function remember(arn: string, described: Described): void {
    if (cache.size >= MAX_CACHED) cache.clear()
    cache.set(arn, described)
  }

  async function changeTags(arn: string, change: () => Promise<unknown>): Promise<void> {
    cache.delete(arn)
    await change()
    // Again: somebody may have read the old tags meanwhile.
    cache.delete(arn)
  }

  return {
    listActive: async (family, digestOf, signal) => {
      // The parameter is called a prefix and documented as the full family name; trusting neither costs nothing.
      const revisions = (await listArns(send, family, signal))
        .map(revisionFrom)
        .filter((found) => found.family === family)
      return Promise.all(
        revisions.map(async (found) => ({ ...found, ...(await describe(found.arn, digestOf, signal)) })),
      )
    },
    forget: (arns) => arns.forEach((arn) => cache.delete(arn)),
    listFamilies: (signal) =>
      allPages(async (nextToken) => {
        const page = await send(new ListTaskDefinitionFamiliesCommand({ status: 'ACTIVE', nextToken }), signal)
        return [page.families, page.nextToken]
      }),
    register: async ({ family, content, tags, digest }, signal) => {
      const input = { ...commandInputFrom<Omit<RegisterTaskDefinitionRequest, 'family' | 'tags'>>(content), family }
      const answer = await send(new RegisterTaskDefinitionCommand({ ...input, tags: lowerTagsFrom(tags) }), signal)
      const arn = answer.taskDefinition?.taskDefinitionArn
      if (arn === undefined) throw new Failure('unexpected', 'ecs:RegisterTaskDefinition')
      if (digest !== undefined && answer.tags !== undefined) remember(arn, { tags: tagsFrom(answer.tags), digest })
      return arn
    },
    deregister: async (arn, signal) => {
      await send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn }), signal)
    },
    tag: (arn, tags, signal) =>
      changeTags(arn, () => send(new TagResourceCommand({ resourceArn: arn, tags: lowerTagsFrom(tags) }), signal)),
    untag: (arn, keys, signal) =>
      changeTags(arn, () => send(new UntagResourceCommand({ resourceArn: arn, tagKeys: [...keys] }), signal)),
  }
}

function listArns(send: SendTo<ECSClient>, family: string, signal: AbortSignal): Promise<readonly string[]> {
  return allPages(async (nextToken) => {
    const query = { familyPrefix: family, status: 'ACTIVE', sort: 'DESC', nextToken } as const
    const page = await send(new ListTaskDefinitionsCommand(query), signal)
    return [page.taskDefinitionArns, page.nextToken]
  })
}

/** Family and revision stand in the ARN: `arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION`. */
function revisionFrom(arn: string): Omit<RevisionState, 'tags' | 'digest'> {
  const [family = '', revision = ''] = arn.slice(arn.indexOf('/') + 1).split(':')
  return { arn, family, revision: Number(revision) }
}

/** Without what AWS adds to a registration by itself (ECS API reference, TaskDefinition). */
function contentFrom(definition: TaskDefinition): Partial<TaskDefinitionContent> {
  const { family: _family, taskDefinitionArn: _arn, revision: _revision, status: _status, ...described } = definition
  const { registeredAt: _at, registeredBy: _by, deregisteredAt: _until, ...content } = described
  const { requiresAttributes: _attributes, compatibilities: _compatibilities, ...registered } = content
  return registered
}

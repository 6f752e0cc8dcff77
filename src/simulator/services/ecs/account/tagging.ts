import type {
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  TagResourceRequest,
  TagResourceResponse,
  UntagResourceRequest,
  UntagResourceResponse,
} from '@aws-sdk/client-ecs'
import { AwsFault } from '../../../service.ts'
import { parseArn } from '../arns.ts'
import type { ArnParts } from '../arns.ts'
import { FARGATE_PROVIDERS } from '../clusters/capacity.ts'
import { usableCluster } from '../clusters/lookup.ts'
import { invalidParameter, serviceNotFound } from '../faults.ts'
import { checkTags, putTags, tagsOf } from '../tags.ts'
import type { World } from '../world.ts'

const notFound = (): AwsFault => new AwsFault('ResourceNotFoundException', 'The specified resource was not found.')

function checkService(world: World, [cluster, name = '']: readonly string[]): void {
  const service = usableCluster(world, cluster).services[name]
  if (!service || service.status === 'INACTIVE') throw serviceNotFound()
}

/** Throws unless a resource of this ARN is there to be tagged. */
function checkTarget(world: World, { type, path }: ArnParts): void {
  const [first = '', second = ''] = path
  switch (type) {
    case 'cluster':
      usableCluster(world, first)
      return
    case 'service':
      return checkService(world, path)
    case 'task':
      if (usableCluster(world, first).tasks[second]?.desiredStatus !== 'RUNNING') throw notFound()
      return
    case 'task-definition':
      if (!world.state.taskDefinitions[first]) throw notFound()
      return
    case 'capacity-provider':
      if (!FARGATE_PROVIDERS.includes(first)) throw notFound()
      return
    default:
      throw invalidParameter('Invalid resource ARN.')
  }
}

/** The ARN of something that can have tags; throws InvalidParameterException or the not-found of its type. */
function taggable(world: World, arn = ''): string {
  const parts = parseArn(world.call, arn)
  if (!parts) throw invalidParameter('Invalid resource ARN.')
  checkTarget(world, parts)
  return arn
}

/** TagResource. */
export function tagResource(input: TagResourceRequest, world: World): TagResourceResponse {
  const arn = taggable(world, input.resourceArn)
  checkTags(input.tags)
  putTags(world.state, arn, input.tags)
  return {}
}

/** UntagResource: keys that are not there are no error; AWS's own tags stay. */
export function untagResource(input: UntagResourceRequest, world: World): UntagResourceResponse {
  const arn = taggable(world, input.resourceArn)
  const keys = new Set(input.tagKeys)
  if ([...keys].some((key) => /^aws:/i.test(key)))
    throw invalidParameter('Tag keys with the reserved prefix aws: cannot be removed.')
  world.state.tags[arn] = tagsOf(world.state, arn).filter(({ key = '' }) => !keys.has(key))
  return {}
}

/** ListTagsForResource. */
export function listTagsForResource(input: ListTagsForResourceRequest, world: World): ListTagsForResourceResponse {
  return { tags: tagsOf(world.state, taggable(world, input.resourceArn)) }
}

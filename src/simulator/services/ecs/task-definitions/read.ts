import type {
  DescribeTaskDefinitionRequest,
  DescribeTaskDefinitionResponse,
  ListTaskDefinitionFamiliesRequest,
  ListTaskDefinitionFamiliesResponse,
  ListTaskDefinitionsRequest,
  ListTaskDefinitionsResponse,
} from '@aws-sdk/client-ecs'
import { clientFault } from '../faults.ts'
import { byText, pageOf } from '../paging.ts'
import type { TaskDefinitionRecord } from '../state.ts'
import { tagsOf } from '../tags.ts'
import type { World } from '../world.ts'
import { dropDeleted, findTaskDefinition } from './lookup.ts'
import { presentTaskDefinition } from './register.ts'

/** DescribeTaskDefinition: by revision in any status, or the newest active one of a family. */
export function describeTaskDefinition(
  input: DescribeTaskDefinitionRequest,
  world: World,
): DescribeTaskDefinitionResponse {
  dropDeleted(world)
  const record = findTaskDefinition(world, input.taskDefinition)
  if (!record) throw clientFault('Unable to describe task definition.')
  return {
    taskDefinition: presentTaskDefinition(record),
    ...(input.include?.includes('TAGS') && { tags: tagsOf(world.state, record.arn) }),
  }
}

/** Families in text order, revisions in number order. */
const sortKey = ({ family, revision }: TaskDefinitionRecord): string => `${family}:${String(revision).padStart(8, '0')}`

/** ListTaskDefinitions: `familyPrefix` is a whole family name, in spite of its own name. */
export function listTaskDefinitions(input: ListTaskDefinitionsRequest, world: World): ListTaskDefinitionsResponse {
  dropDeleted(world)
  const { familyPrefix, status = 'ACTIVE', sort = 'ASC' } = input
  const records = Object.values(world.state.taskDefinitions)
    .filter((record) => record.status === status && (familyPrefix === undefined || record.family === familyPrefix))
    .toSorted((left, right) => byText(sortKey(left), sortKey(right)))
  if (sort === 'DESC') records.reverse()

  const { items, nextToken } = pageOf(records, sortKey, { operation: 'ListTaskDefinitions', ...input, order: sort })
  return { taskDefinitionArns: items.map(({ arn }) => arn), nextToken }
}

/** ListTaskDefinitionFamilies: here `familyPrefix` is a prefix; a family is ACTIVE with one active revision. */
export function listTaskDefinitionFamilies(
  input: ListTaskDefinitionFamiliesRequest,
  world: World,
): ListTaskDefinitionFamiliesResponse {
  dropDeleted(world)
  const { familyPrefix = '', status = 'ALL' } = input
  const records = Object.values(world.state.taskDefinitions)
  const active = new Set(records.filter((record) => record.status === 'ACTIVE').map(({ family }) => family))
  const families = [...new Set(records.map(({ family }) => family))]
    .filter((family) => family.startsWith(familyPrefix))
    .filter((family) => status === 'ALL' || active.has(family) === (status === 'ACTIVE'))
    .toSorted(byText)
  const { items, nextToken } = pageOf(families, String, { operation: 'ListTaskDefinitionFamilies', ...input })
  return { families: [...items], nextToken }
}

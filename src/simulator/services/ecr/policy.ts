import type { GetRepositoryPolicyResponse } from '@aws-sdk/client-ecr'
import { isRecord } from '../../protocol/http.ts'
import { AwsFault, type Call } from '../../service.ts'
import { findRepository, invalidParameter, type RepositoryInput } from './find.ts'
import type { EcrState, RepositoryState } from './state.ts'

export function setRepositoryPolicy(
  input: RepositoryInput & { readonly policyText: string },
  state: EcrState,
  call: Call,
): GetRepositoryPolicyResponse {
  const repository = findRepository(input, state, call)
  repository.policyText = reformat(parsePolicy(input.policyText))
  return present(repository, repository.policyText)
}

export function getRepositoryPolicy(input: RepositoryInput, state: EcrState, call: Call): GetRepositoryPolicyResponse {
  const repository = findRepository(input, state, call)
  return present(repository, existingPolicy(repository))
}

export function deleteRepositoryPolicy(
  input: RepositoryInput,
  state: EcrState,
  call: Call,
): GetRepositoryPolicyResponse {
  const repository = findRepository(input, state, call)
  const policyText = existingPolicy(repository)
  delete repository.policyText
  return present(repository, policyText)
}

function existingPolicy({ policyText, name, registryId }: RepositoryState): string {
  if (policyText !== undefined) return policyText
  throw new AwsFault(
    'RepositoryPolicyNotFoundException',
    `Repository policy does not exist for the repository with name '${name}' in the registry with id '${registryId}'`,
  )
}

function present(repository: RepositoryState, policyText: string): GetRepositoryPolicyResponse {
  return { registryId: repository.registryId, repositoryName: repository.name, policyText }
}

function parsePolicy(text: string): Readonly<Record<string, unknown>> {
  const policy = parseJson(text)
  if (!isRecord(policy) || policy['Statement'] === undefined) {
    throw invalidParameter('PolicyText', 'Invalid repository policy provided')
  }
  return policy
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * ECR answers with the policy in a layout of its own, so that comparing texts finds differences where there are none.
 * Source: example output of `get-repository-policy`, AWS CLI reference.
 */
function reformat(value: unknown, indent = ''): string {
  const inner = `${indent}  `
  if (Array.isArray(value)) {
    return value.length === 0 ? '[ ]' : `[ ${value.map((element) => reformat(element, indent)).join(', ')} ]`
  }
  if (!isRecord(value)) return JSON.stringify(value)
  const members = Object.entries(value).map(
    ([key, member]) => `${inner}${JSON.stringify(key)} : ${reformat(member, inner)}`,
  )
  return members.length === 0 ? '{ }' : `{\n${members.join(',\n')}\n${indent}}`
}

import type { GetLifecyclePolicyResponse, PutLifecyclePolicyResponse } from '@aws-sdk/client-ecr'
import { AwsFault, type Call } from '../../service.ts'
import { findRepository, type RepositoryInput } from './find.ts'
import { LEDGER } from './ledger.ts'
import { expiriesOf } from './lifecycle-evaluation.ts'
import { parseLifecyclePolicy } from './lifecycle-rules.ts'
import type { EcrState, LifecycleState, RepositoryState } from './state.ts'

const EVALUATION_SECONDS = LEDGER.lifecycleEvaluationSeconds.value

export function putLifecyclePolicy(
  input: RepositoryInput & { readonly lifecyclePolicyText: string },
  state: EcrState,
  call: Call,
): PutLifecyclePolicyResponse {
  const repository = findRepository(input, state, call)
  parseLifecyclePolicy(input.lifecyclePolicyText)
  const text = JSON.stringify(JSON.parse(input.lifecyclePolicyText))
  repository.lifecycle = { text, lastEvaluatedAtMs: call.clock.now() }
  scheduleEvaluation(repository.lifecycle, repository, { state, call })
  return { registryId: repository.registryId, repositoryName: repository.name, lifecyclePolicyText: text }
}

interface Place {
  readonly state: EcrState
  readonly call: Call
}

/** Evaluates once a day for as long as the repository keeps this very policy. */
function scheduleEvaluation(lifecycle: LifecycleState, repository: RepositoryState, place: Place): void {
  const { state, call } = place
  call.clock.after(EVALUATION_SECONDS, () => {
    if (state.repositories[repository.name] !== repository || repository.lifecycle !== lifecycle) return
    evaluate(lifecycle, repository, call.clock.now())
    scheduleEvaluation(lifecycle, repository, place)
  })
}

function evaluate(lifecycle: LifecycleState, repository: RepositoryState, nowMs: number): void {
  const expired = new Set(
    expiriesOf(parseLifecyclePolicy(lifecycle.text), repository.images, nowMs).map(({ image }) => image),
  )
  repository.images = repository.images.filter((image) => !expired.has(image))
  lifecycle.lastEvaluatedAtMs = nowMs
}

export function getLifecyclePolicy(input: RepositoryInput, state: EcrState, call: Call): GetLifecyclePolicyResponse {
  const repository = findRepository(input, state, call)
  return present(repository, existingPolicy(repository))
}

export function deleteLifecyclePolicy(input: RepositoryInput, state: EcrState, call: Call): GetLifecyclePolicyResponse {
  const repository = findRepository(input, state, call)
  const lifecycle = existingPolicy(repository)
  delete repository.lifecycle
  return present(repository, lifecycle)
}

/** Throws `LifecyclePolicyNotFoundException`. */
export function existingPolicy({ lifecycle, name, registryId }: RepositoryState): LifecycleState {
  if (lifecycle) return lifecycle
  throw new AwsFault(
    'LifecyclePolicyNotFoundException',
    `Lifecycle policy does not exist for the repository with name '${name}' in the registry with id '${registryId}'`,
  )
}

function present(repository: RepositoryState, { text, lastEvaluatedAtMs }: LifecycleState): GetLifecyclePolicyResponse {
  return {
    registryId: repository.registryId,
    repositoryName: repository.name,
    lifecyclePolicyText: text,
    lastEvaluatedAt: new Date(lastEvaluatedAtMs),
  }
}

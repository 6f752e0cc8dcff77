import type {
  GetLifecyclePolicyPreviewRequest,
  GetLifecyclePolicyPreviewResponse,
  LifecyclePolicyPreviewResult,
  StartLifecyclePolicyPreviewResponse,
} from '@aws-sdk/client-ecr'
import { pageOf } from '../../paging.ts'
import { AwsFault, type Call } from '../../service.ts'
import { findRepository, invalidParameter, type RepositoryInput } from './find.ts'
import { LEDGER } from './ledger.ts'
import { expiriesOf } from './lifecycle-evaluation.ts'
import { parseLifecyclePolicy } from './lifecycle-rules.ts'
import { existingPolicy } from './lifecycle.ts'
import type { EcrState, PreviewState, RepositoryState } from './state.ts'

/** Tells what a policy would expire now; nothing expires for that. */
export function startLifecyclePolicyPreview(
  input: RepositoryInput & { readonly lifecyclePolicyText?: string },
  state: EcrState,
  call: Call,
): StartLifecyclePolicyPreviewResponse {
  const repository = findRepository(input, state, call)
  const now = call.clock.now()
  if (repository.preview && isInProgress(repository.preview, now)) throw inProgress(repository)
  const given = input.lifecyclePolicyText ?? existingPolicy(repository).text
  const expiries = expiriesOf(parseLifecyclePolicy(given), repository.images, now)
  const text = JSON.stringify(JSON.parse(given))
  const expiring = expiries.map(({ image, priority }) => ({ digest: image.digest, priority }))
  repository.preview = { text, startedAtMs: now, expiring }
  return { ...about(repository), lifecyclePolicyText: text, status: 'IN_PROGRESS' }
}

export function getLifecyclePolicyPreview(
  input: RepositoryInput & GetLifecyclePolicyPreviewRequest,
  state: EcrState,
  call: Call,
): GetLifecyclePolicyPreviewResponse {
  if (input.imageIds !== undefined || input.filter !== undefined)
    throw invalidParameter('imageIds', 'the simulator does not filter previews')
  const repository = findRepository(input, state, call)
  const preview = existingPreview(repository)
  const told = { ...about(repository), lifecyclePolicyText: preview.text }
  if (isInProgress(preview, call.clock.now())) return { ...told, status: 'IN_PROGRESS' }
  const page = pageOf({
    items: preview.expiring.flatMap((expiring) => resultOf(repository, expiring)),
    keyOf: ({ imageDigest = '' }) => imageDigest,
    limit: input.maxResults ?? LEDGER.pageSize.value,
    token: input.nextToken,
    list: `preview ${repository.name}`,
  })
  return {
    ...told,
    status: 'COMPLETE',
    previewResults: [...page.items],
    summary: { expiringImageTotalCount: preview.expiring.length },
    ...(page.nextToken !== undefined && { nextToken: page.nextToken }),
  }
}

function isInProgress({ startedAtMs }: PreviewState, nowMs: number): boolean {
  return nowMs < startedAtMs + LEDGER.previewSeconds.value * 1000
}

function about({ registryId, name }: RepositoryState) {
  return { registryId, repositoryName: name }
}

function resultOf(
  { images }: RepositoryState,
  { digest, priority }: PreviewState['expiring'][number],
): readonly LifecyclePolicyPreviewResult[] {
  const image = images.find((candidate) => candidate.digest === digest)
  if (image === undefined) return []
  const { tags, pushedAtMs } = image
  return [
    {
      imageTags: [...tags],
      imageDigest: digest,
      imagePushedAt: new Date(pushedAtMs),
      action: { type: 'EXPIRE' },
      appliedRulePriority: priority,
    },
  ]
}

function existingPreview({ preview, name, registryId }: RepositoryState): PreviewState {
  if (preview) return preview
  throw new AwsFault(
    'LifecyclePolicyPreviewNotFoundException',
    `Lifecycle policy preview does not exist for the repository with name '${name}' in the registry with id '${registryId}'`,
  )
}

function inProgress({ name, registryId }: RepositoryState): AwsFault {
  return new AwsFault(
    'LifecyclePolicyPreviewInProgressException',
    `Lifecycle policy preview is already in progress for the repository with name '${name}' in the registry with id '${registryId}'`,
  )
}

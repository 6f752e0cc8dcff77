import {
  GetLifecyclePolicyPreviewCommand,
  StartLifecyclePolicyPreviewCommand,
  type ECRClient,
  type GetLifecyclePolicyPreviewResponse,
} from '@aws-sdk/client-ecr'
import { Failure } from '../core/failure.ts'
import type { Clock } from '../core/ports.ts'
import type { SendTo } from './send.ts'

/** An image that a lifecycle policy would expire. */
export interface ExpiringImage {
  readonly digest: string
  readonly tags: readonly string[]
  /** RFC 3339. */
  readonly pushedAt: string | undefined
  readonly rulePriority: number | undefined
}

/** What a lifecycle policy would do to the images that are there now. */
export interface LifecyclePreview {
  readonly expiringCount: number
  /** At most 100 of them, the oldest first. */
  readonly images: readonly ExpiringImage[]
}

/** What ECR tells before anything happens. */
export interface EcrPreviewPort {
  /**
   * Has ECR evaluate a lifecycle policy without putting it: some seconds. Changes nothing but the preview that ECR keeps of
   * each repository. Throws `Failure`: `not-found` when there is no such repository.
   */
  readonly lifecyclePolicy: (repositoryName: string, text: string, signal: AbortSignal) => Promise<LifecyclePreview>
}

type Send = SendTo<ECRClient>

const POLL_SECONDS = 1
const MOST_LOOKS = 60

/** ECR names no time for a preview; after a minute somebody who waits has waited enough. */
export function createEcrPreviewPort(send: Send, clock: Clock): EcrPreviewPort {
  return {
    async lifecyclePolicy(repositoryName, text, signal) {
      const command = new StartLifecyclePolicyPreviewCommand({ repositoryName, lifecyclePolicyText: text })
      const started = await send(command, signal)
      for (let look = 0; look < MOST_LOOKS; look += 1) {
        await clock.sleep(POLL_SECONDS, signal)
        const answer = await send(new GetLifecyclePolicyPreviewCommand({ repositoryName }), signal)
        if (answer.lifecyclePolicyText !== started.lifecyclePolicyText)
          throw failure('conflict', 'somebody else began one')
        if (answer.status === 'COMPLETE') return previewFrom(answer)
        if (answer.status !== 'IN_PROGRESS') throw failure('unexpected', `it is ${answer.status}`)
      }
      throw failure('timeout', `it took longer than ${MOST_LOOKS} s`)
    },
  }
}

function failure(code: 'conflict' | 'unexpected' | 'timeout', why: string): Failure {
  return new Failure(code, 'ecr:GetLifecyclePolicyPreview', { message: `no preview of the lifecycle policy: ${why}` })
}

function previewFrom({ previewResults = [], summary }: GetLifecyclePolicyPreviewResponse): LifecyclePreview {
  const images = previewResults
    .filter(({ action }) => action?.type === 'EXPIRE')
    .map(({ imageDigest = '', imageTags = [], imagePushedAt, appliedRulePriority }): ExpiringImage => {
      return {
        digest: imageDigest,
        tags: imageTags,
        pushedAt: imagePushedAt?.toISOString(),
        rulePriority: appliedRulePriority,
      }
    })
  const oldestFirst = images.toSorted((a, b) => ((a.pushedAt ?? '') < (b.pushedAt ?? '') ? -1 : 1))
  return { expiringCount: summary?.expiringImageTotalCount ?? images.length, images: oldestFirst }
}

import type { Drift, Scope } from '../../reconciler/resource.ts'

/** What somebody else may do to a repository; each contradicts the kind's example. */
export const repositoryDrifts: readonly Drift[] = [
  {
    fact: 'tags were made mutable',
    foundBy: 'sweep',
    inject: (name, { aws }, signal) =>
      aws.ecr.putTagMutability(name, { imageTagMutability: 'MUTABLE', exclusionFilters: [] }, signal),
  },
  {
    fact: 'scanning on push was switched off',
    foundBy: 'sweep',
    inject: (name, { aws }, signal) => aws.ecr.putScanOnPush(name, false, signal),
  },
  {
    fact: 'the lifecycle policy was deleted',
    foundBy: 'close-look',
    inject: (name, { aws }, signal) => aws.ecr.deleteLifecyclePolicy(name, signal),
  },
  {
    fact: 'the repository policy was deleted',
    foundBy: 'close-look',
    inject: (name, { aws }, signal) => aws.ecr.deletePolicy(name, signal),
  },
  {
    fact: 'a tag of the spec was changed',
    foundBy: 'close-look',
    inject: (name, scope, signal) => changeTag(name, scope, signal),
  },
  {
    fact: 'the repository was deleted',
    foundBy: 'sweep',
    inject: (name, { aws }, signal) => aws.ecr.deleteRepository(name, true, signal),
  },
]

async function changeTag(name: string, { aws: { ecr } }: Scope, signal: AbortSignal): Promise<void> {
  const repository = await ecr.repository(name, signal)
  if (repository) await ecr.tag(repository.arn, { team: 'somebody-else' }, signal)
}

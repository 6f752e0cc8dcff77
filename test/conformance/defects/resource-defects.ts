import { emptyPlan } from '../../../src/core/plan.ts'
import { ecrRepositoryKind } from '../../../src/kinds/ecr-repository/index.ts'
import { ecsServiceKind } from '../../../src/kinds/ecs-service/index.ts'
import type { AnyKind } from '../../../src/reconciler/kind.ts'
import { failureCodeFrom } from '../../../src/core/failure.ts'
import {
  applying,
  isThere,
  isWanted,
  memberOf,
  observing,
  planning,
  resourcing,
  strayTag,
  type Defect,
} from './wrap.ts'

const repository: AnyKind = ecrRepositoryKind
const service: AnyKind = ecsServiceKind

/** Resources that see, decide or act wrongly. */
export const resourceDefects: readonly Defect[] = [
  {
    fact: 'a field is left out of the comparison',
    kind: () =>
      planning(repository, (plan) => ({
        ...plan,
        steps: plan.steps.filter(({ type }) => type !== 'set-scan-on-push'),
      })),
    caughtBy: 'drift is repaired: ecr-repository: scanning on push',
    says: /nothing was repaired/,
  },
  {
    fact: 'it is created once more although it exists',
    kind: () =>
      planning(repository, (plan, input, again) =>
        isThere(input) ? { ...plan, steps: again({ ...input, observed: [] }).steps } : plan,
      ),
    caughtBy: 'is created and becomes Ready',
    says: /Settling|already-exists|RepositoryAlreadyExists/,
  },
  {
    fact: 'something is written on every pass',
    kind: () =>
      planning(repository, (plan, input) =>
        isThere(input) ? { ...plan, steps: [...plan.steps, strayTag(input)] } : plan,
      ),
    caughtBy: 'is created and becomes Ready',
    says: /Settling/,
  },
  {
    fact: 'something is written on every second look',
    kind: () => {
      let looks = 0
      return planning(repository, (plan, input) =>
        isThere(input) && plan.steps.length === 0 && ++looks % 2 === 0 ? { ...plan, steps: [strayTag(input)] } : plan,
      )
    },
    caughtBy: 'a second pass writes and tells nothing',
    says: /TagResource/,
  },
  {
    fact: 'what cannot be read is taken for absent',
    kind: () => observing(repository, (seen) => (seen.type === 'unknown' ? { type: 'known', items: [] } : seen)),
    caughtBy: 'reads that fail (denied)',
    says: /-   arn/,
  },
  {
    fact: 'what somebody else owns is taken for absent',
    kind: () => observing(repository, (seen) => (seen.type === 'foreign' ? { type: 'known', items: [] } : seen)),
    caughtBy: 'what belongs to another installation',
    says: /RepositoryAlreadyExists|never rests/,
  },
  {
    fact: 'what nobody owns is taken for its own',
    kind: () =>
      observing(repository, (seen) => (seen.type === 'foreign' ? { type: 'known', items: seen.items ?? [] } : seen)),
    caughtBy: 'what nobody owns',
    says: /ForeignResource/,
  },
  {
    fact: 'what somebody else owns is offered for adoption',
    kind: () => observing(repository, (seen) => (seen.type === 'foreign' ? { items: [], ...seen } : seen)),
    caughtBy: 'what belongs to another installation',
    says: /AdoptionPending/,
  },
  {
    fact: 'an adoption accepts itself',
    kind: () =>
      planning(repository, (plan) => ({ ...plan, steps: plan.steps.map((step) => ({ ...step, adopts: true })) })),
    caughtBy: 'an adoption that would change something',
    says: /AdoptionPending/,
  },
  {
    fact: 'an adoption marks nothing',
    kind: () =>
      planning(repository, (plan) => ({ ...plan, steps: plan.steps.filter(({ adopts }) => adopts !== true) })),
    caughtBy: 'an adoption of what is as the spec says',
    says: /nothing was marked/,
  },
  {
    fact: 'what is to be retained is deleted',
    kind: () =>
      planning(repository, (plan, input, again) =>
        isWanted(input)
          ? plan
          : again({ ...input, goal: { type: 'absent', removal: { policy: 'Delete', force: true } } }),
      ),
    caughtBy: 'Retain keeps what is in AWS',
    says: /ecr repositories/,
  },
  {
    fact: 'what is retained keeps its mark',
    kind: () => planning(repository, (plan, input) => (isWanted(input) ? plan : emptyPlan)),
    caughtBy: 'Retain keeps what is in AWS',
    says: /AWS still has its demo\/hello/,
  },
  {
    fact: 'what still exists is let go',
    kind: () => planning(repository, (plan, input) => (isWanted(input) ? plan : emptyPlan)),
    caughtBy: 'deletion leaves nothing behind',
    says: /ecr repositories/,
  },
  {
    fact: 'the mark of ownership is forgotten when it is created',
    kind: () =>
      applying(repository, ({ step, take }) => {
        const made = memberOf(step, 'repository')
        return take(made === undefined ? step : Object.assign({}, step, { repository: { ...Object(made), tags: {} } }))
      }),
    caughtBy: 'is created and becomes Ready',
    says: /ForeignResource/,
  },
  {
    fact: 'one step makes two writes',
    kind: () =>
      applying(repository, async ({ step, id, scope, signal, take }) => {
        const outputs = await take(step)
        if (step.effect === 'create') await scope.aws.ecr.putScanOnPush(id.key, true, signal)
        return outputs
      }),
    caughtBy: 'is created and becomes Ready, by one write',
    says: /4 !== 3|strictly equal/,
  },
  {
    fact: 'looking writes',
    kind: () =>
      resourcing(repository, (resource) => ({
        ...resource,
        observe: async (id, scope, signal) => {
          await scope.aws.ecr.putScanOnPush(id.key, true, signal).catch(() => undefined)
          return resource.observe(id, scope, signal)
        },
      })),
    caughtBy: 'an object that is only observed',
    says: /PutImageScanningConfiguration/,
  },
  {
    fact: 'what AWS refuses is swallowed',
    kind: () => applying(repository, ({ step, take }) => take(step).catch(() => ({}))),
    caughtBy: 'a refusal by AWS is shown',
    says: /never rests/,
  },
  {
    fact: 'a call whose answer is lost is simply made again',
    kind: () =>
      applying(service, ({ step, take }) =>
        take(step).catch((error: unknown) => {
          if (failureCodeFrom(error) !== 'timeout') throw error
          return take(step)
        }),
      ),
    caughtBy: 'writes whose answers are lost after effect',
    says: /taskDefinitions/,
  },
  {
    fact: 'a create is repeated while AWS may not show the first one yet',
    kind: () => planning(service, (_, input, again) => again({ ...input, settling: false, memo: {} })),
    caughtBy: 'stale reads neither create nor forget: what is edited',
    says: /taskDefinitions/,
  },
  {
    fact: 'what AWS cannot change is passed over in silence',
    kind: () => planning(repository, (plan) => ({ ...plan, blocks: [] })),
    caughtBy: 'an edit of encryptionConfiguration',
    says: /ImmutableField/,
  },
  {
    fact: 'it waits without a pause',
    kind: () => {
      const wait = { reason: 'Busy', message: 'busy', pollSeconds: 0 } as const
      return planning(repository, (plan, input) => (isThere(input) ? { ...plan, waits: [wait] } : plan))
    },
    caughtBy: 'is created and becomes Ready',
    says: /never rests/,
  },
  {
    fact: 'a tag that left the spec stays',
    kind: () =>
      planning(repository, (plan, input) =>
        isWanted(input) ? { ...plan, steps: plan.steps.filter(({ type }) => type !== 'untag') } : plan,
      ),
    caughtBy: 'an edit is followed and then rests: policies and tags removed',
    says: /first-light/,
  },
  {
    fact: 'it remembers nothing between passes',
    kind: () => planning(repository, (plan) => ({ ...plan, memo: {} })),
    caughtBy: 'an edit is followed and then rests: policies and tags removed',
    says: /first-light/,
  },
  {
    fact: 'what it remembers grows with every pass',
    kind: () =>
      planning(repository, (plan, { memo }) => ({
        ...plan,
        memo: { [`look ${Object.keys(memo).length}`]: 'x', ...memo },
      })),
    caughtBy: 'a second pass writes and tells nothing',
    says: /PATCH status/,
  },
  {
    fact: 'it is Ready before AWS is done',
    kind: () => planning(service, (plan) => ({ ...plan, waits: [] })),
    caughtBy: 'Ready means that nothing moves in AWS any more',
    says: /ecs tasks/,
  },
  {
    fact: 'its own things are not found by their tags',
    kind: () => resourcing(service, (resource) => ({ ...resource, findOwned: () => Promise.resolve([]) })),
    caughtBy: 'status and everything that it refers to lost',
    says: /ecs services/,
  },
  {
    fact: 'a step tells what it is about to set',
    kind: () =>
      planning(service, (plan) => ({
        ...plan,
        steps: plan.steps.map((step) => ({ ...step, summary: `${step.summary} ${JSON.stringify(step)}` })),
      })),
    caughtBy: 'a secret in the spec shows nowhere',
    says: /marker-of-a-secret-value is in/,
  },
  {
    fact: 'it thinks by accident of a mistake',
    kind: () =>
      planning(repository, () => {
        throw new TypeError('undefined is not a function')
      }),
    caughtBy: 'is created and becomes Ready',
    says: /undefined is not a function/,
  },
]

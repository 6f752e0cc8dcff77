import { ecrRepositoryKind } from '../../../src/kinds/ecr-repository/index.ts'
import { ecsServiceKind } from '../../../src/kinds/ecs-service/index.ts'
import type { AnyKind } from '../../../src/reconciler/kind.ts'
import { memberOf, reporting, resourcing, type Defect } from './wrap.ts'

const repository: AnyKind = ecrRepositoryKind
const service: AnyKind = ecsServiceKind

/** Kinds that compose, report or declare wrongly. */
export const kindDefects: readonly Defect[] = [
  {
    fact: 'it composes something else each time',
    kind: () => {
      let count = 0
      return composing(repository, (desired) => ({ ...desired, scanOnPush: ++count % 2 === 0 }))
    },
    caughtBy: 'a second pass writes and tells nothing',
    says: /PutImageScanningConfiguration|Ready|Settling/,
  },
  {
    fact: 'its name in AWS is made up anew each time',
    kind: () => {
      let count = 0
      return composing(repository, (desired) => ({ ...desired, repositoryName: `demo/hello-${++count}` }))
    },
    caughtBy: 'a second pass writes and tells nothing',
    says: /PATCH status/,
  },
  {
    fact: 'its parts leave in the order in which they came',
    kind: () => ({
      ...service,
      compose: (input) => {
        const items = service.compose(input)
        const names = items.map(({ name }) => name)
        return items.map((item, index) => ({ ...item, dependsOn: names.slice(index + 1) }))
      },
    }),
    caughtBy: 'what was made first goes last',
    says: /ecs-service/,
  },
  {
    fact: 'its status is another one on every pass',
    kind: () => {
      let count = 0
      return reporting(repository, ({ fields }) => ({ ...fields, url: `${++count}` }))
    },
    caughtBy: 'a second pass writes and tells nothing',
    says: /PATCH status/,
  },
  {
    fact: 'its status has a field that the CRD does not know',
    kind: () => reporting(repository, ({ fields }) => ({ ...fields, colour: 'blue' })),
    caughtBy: 'is created and becomes Ready',
    says: /colour/,
  },
  {
    fact: 'its status forgets what cannot be read at the moment',
    kind: () =>
      reporting(repository, ({ fields }, { report }) => {
        const seen = repository.resources.map((resource) => report('repository', resource))
        return seen.some((each) => each?.observation.type === 'known') ? fields : { ...fields, arn: undefined }
      }),
    caughtBy: 'reads that fail (denied)',
    says: /arn/,
  },
  {
    fact: 'its status tells what the spec holds',
    kind: () =>
      reporting(service, ({ fields }, { spec }) => ({
        ...fields,
        arn: JSON.stringify(memberOf(spec, 'taskDefinition')),
      })),
    caughtBy: 'a secret in the spec shows nowhere',
    says: /marker-of-a-secret-value is in status/,
  },
  {
    fact: 'its status grows without bound',
    kind: () =>
      reporting(service, ({ fields }) => ({
        ...fields,
        events: Array.from({ length: 9 }, () => ({ message: 'steady' })),
      })),
    caughtBy: 'is created and becomes Ready',
    says: /status\.events has 9 entries/,
  },
  {
    fact: 'it does not declare a permission that it needs',
    kind: () =>
      resourcing(repository, (resource) => ({
        ...resource,
        permissions: resource.permissions.filter(({ action }) => action !== 'ecr:PutLifecyclePolicy'),
      })),
    caughtBy: 'is created and becomes Ready',
    says: /AccessDenied/,
  },
]

type Desired = Readonly<Record<string, unknown>>

function composing(kind: AnyKind, change: (desired: Desired) => Desired): AnyKind {
  return {
    ...kind,
    compose: (input) =>
      kind.compose(input).map((item) => ({ ...item, desired: change(Object(item.desired) as Desired) })),
  }
}

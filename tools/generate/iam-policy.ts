import type { AnyResource } from '../../src/reconciler/resource.ts'

interface Statement {
  readonly Effect: 'Allow'
  readonly Action: readonly string[]
  readonly Resource: readonly string[]
}

/** The IAM policy that the operator needs: what the resources declare, actions with the same ARNs in one statement. */
export function iamPolicyFrom(resources: readonly Pick<AnyResource, 'permissions'>[]) {
  return { Version: '2012-10-17', Statement: statementsFrom(resources) }
}

function statementsFrom(resources: readonly Pick<AnyResource, 'permissions'>[]): readonly Statement[] {
  const permissions = resources.flatMap((resource) => resource.permissions)
  const arnsByAction = Map.groupBy(permissions, ({ action }) => action)
  const actions = [...arnsByAction].map(([action, group]) => ({ action, arns: distinct(group.map(({ arn }) => arn)) }))
  const actionsByArns = Map.groupBy(actions, ({ arns }) => arns.join(' '))
  const statements = [...actionsByArns.values()].map((group): Statement => {
    return { Effect: 'Allow', Action: distinct(group.map(({ action }) => action)), Resource: group[0]?.arns ?? [] }
  })
  return statements.toSorted((a, b) => (a.Action.join() < b.Action.join() ? -1 : 1))
}

function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].toSorted()
}

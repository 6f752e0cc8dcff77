import type { Thing } from './aws-view.ts'
import { tagsOf, type Wishes } from './slots.ts'
import { isOf, mainThings, wishesOf, type View } from './view.ts'

/** How AWS differs from what users wish, told without the operator's own idea of it. */
export function differences(view: View): readonly string[] {
  const { things, slot } = view
  const wished = wishesOf(view)
  const found = mainThings(things, slot).filter((thing) => isOf(thing, slot))
  const [thing] = found
  if (thing === undefined || found.length > 1) return [`${slot} is Ready and stands for ${found.length} things`]
  const all = [...tagDifferences(view, thing, wished), ...stateDifferences(thing, wished, things)]
  return all.map((difference) => `${slot} is Ready and ${difference}`)
}

function tagDifferences({ stage, slot }: View, { tags }: Thing, wished: Wishes): readonly string[] {
  const wrong = Object.entries(tagsOf(wished)).filter(([key, value]) => tags[key] !== value)
  // Once status was lost nobody knows which tags were ours to remove.
  const isStray = !wished.hasExtraTag && 'extra' in tags && !stage.forgotten.has(slot)
  return [...wrong.map(([key]) => `its tag ${key} is ${tags[key]}`), ...(isStray ? ['it still has its tag extra'] : [])]
}

function stateDifferences(thing: Thing, wished: Wishes, things: readonly Thing[]): readonly string[] {
  switch (thing.type) {
    case 'repository':
      return unequal([
        ['its mutability', thing.state.mutability === 'MUTABLE', wished.isMutable],
        ['its lifecycle policy', thing.state.lifecycle !== undefined || !wished.hasLifecycle, true],
      ])
    case 'cluster': {
      const insights = thing.state.settings.find(({ name }) => name === 'containerInsights')?.value
      return unequal([['its insights', insights, wished.hasInsights ? 'enabled' : 'disabled']])
    }
    case 'service': {
      const { desiredCount, deployments } = thing.state
      const revision = things.find(({ arn }) => arn === deployments[0]?.workload.taskDefinition)
      const image = revision?.type === 'task-definition' ? revision.image : undefined
      return unequal([
        ['its count', desiredCount, wished.count],
        ['its image', image, wished.image],
      ])
    }
    case 'task-definition':
    case 'log-group':
      return []
  }
}

function unequal(facts: readonly (readonly [string, unknown, unknown])[]): readonly string[] {
  return facts.flatMap(([name, actual, wanted]) =>
    actual === wanted ? [] : [`${name}: ${String(actual)}, not ${String(wanted)}`],
  )
}

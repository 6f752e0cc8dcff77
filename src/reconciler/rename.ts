import type { Block } from '../core/plan.ts'
import type { Composed } from './composed.ts'
import type { Inventory } from './inventory.ts'
import type { AnyKind } from './kind.ts'

/**
 * What an edit would give another identity. For AWS that is another object: making it and deleting the old one would
 * lose what the old one holds, so a person has to say that. The API server refuses such edits; this is for objects that
 * came past it (restored, or stored under an older schema).
 */
export function renameBlocks(kind: AnyKind, items: readonly Composed[], inventory: Inventory): readonly Block[] {
  return items.flatMap((item) => {
    if (item.resource.keysVary === true) return []
    const key = item.resource.identify(item.desired)
    const same = [...inventory.values()].filter(({ name, type }) => name === item.name && type === item.resource.type)
    const [other] = same.some(({ id }) => id === key) ? [] : same
    return other === undefined ? [] : [renameBlock(kind, item.resource.type, [other.id, key])]
  })
}

function renameBlock(kind: AnyKind, type: string, [from, to]: readonly [string, string]): Block {
  const fields = kind.immutable.map(({ field }) => `spec.${field}`).join(', ')
  const message = `The ${type} ${from} cannot become ${to}: undo the edit (of ${fields}), or create another object for ${to}`
  return { reason: 'ImmutableField', message }
}

import { type Place, isProgram, placeOf, targetOf } from './place.ts'
import type { SourceFacts, Violation } from './source.ts'

/** The doors of docs/architecture.md: the room may import the rooms. */
const DOORS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  kube: ['core'],
  aws: ['core'],
  runtime: ['core', 'kube'],
  resources: ['core', 'aws'],
  reconciler: ['core', 'kube', 'aws', 'runtime'],
  kinds: ['core', 'resources'],
  controllers: ['core', 'kube', 'aws', 'runtime'],
  simulator: [],
  app: ['core', 'kube', 'aws', 'runtime', 'resources', 'reconciler', 'kinds', 'controllers'],
  main: ['app'],
}

/** What authors of resources and kinds see of the reconciler. */
const CONTRACT = /^src\/reconciler\/((kind|resource|composed|coverage|printer-columns)\.ts|schema\/.+)$/

/** Doors that lead to a part of a room: from the cell, to the file. */
const NARROW_DOORS: readonly (readonly [RegExp, RegExp])[] = [
  [/^(resources|kinds)\//, CONTRACT],
  [/^resources\/kubernetes-/, /^src\/kube\//],
  [/^controllers\//, /^src\/kinds\/[^/]+\/schema(\.ts|\/.+)$/],
  // The simulator shares no table of AWS rules with the operator: a mistake in both would be invisible.
  [/^simulator$/, /^src\/core\/(ports|quantity|duration)\.ts$/],
]

/** Imports that go through a wall. */
export function wallViolations({ path, imports }: SourceFacts): readonly Violation[] {
  const from = placeOf(path)
  if (from === undefined || !isProgram(path)) return []
  return imports.flatMap(({ specifier, line }) => {
    const target = targetOf(path, specifier)
    const rule = target === undefined ? undefined : wallBetween(from, target)
    return rule === undefined ? [] : [{ path, line, rule }]
  })
}

function wallBetween(from: Place, target: string): string | undefined {
  if (target === 'package.json') return undefined
  const to = placeOf(target)
  if (to === undefined) return `${from.room} may not import ${target}, which is not part of the program`
  if (!isProgram(target)) return `${from.room} may not import the test ${target}`
  if (to.cell === from.cell || DOORS[from.room]?.includes(to.room)) return undefined
  if (NARROW_DOORS.some(([cell, file]) => cell.test(from.cell) && file.test(target))) return undefined
  return `${from.cell} may not import ${to.cell} (${target})`
}

/** Rooms that the table above does not know. */
export function unknownRooms({ path }: SourceFacts): readonly Violation[] {
  const place = placeOf(path)
  if (place === undefined || place.room in DOORS) return []
  return [{ path, line: 1, rule: `${place.room} is not a room of the house` }]
}

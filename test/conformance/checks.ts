import type { AnyKind } from '../../src/reconciler/kind.ts'
import type { Check } from './check.ts'
import { crashChecks } from './checks/crashes.ts'
import { discretionChecks } from './checks/discretion.ts'
import { driftChecks } from './checks/drift.ts'
import { faultChecks } from './checks/faults.ts'
import { lifeChecks } from './checks/life.ts'
import { memoryChecks } from './checks/memory.ts'
import { ownershipChecks } from './checks/ownership.ts'
import { referenceChecks } from './checks/references.ts'
import { restraintChecks } from './checks/restraint.ts'
import { staleReadChecks } from './checks/stale-reads.ts'
import type { Subject } from './subject.ts'

/** Everything that a kind has to do right, quick checks first. */
export function checksFor(subject: Subject): readonly Check[] {
  return [
    ...lifeChecks(subject),
    ...driftChecks(subject),
    ...referenceChecks(subject),
    ...restraintChecks,
    ...ownershipChecks,
    ...memoryChecks,
    ...faultChecks.map(overTheWire),
    ...staleReadChecks,
    ...discretionChecks.map(overTheWire),
    ...crashChecks,
  ]
}

/** What the wire breaks and what it might give away shows only on the wire. */
function overTheWire(check: Check): Check {
  return { ...check, carriage: 'wire' }
}

/** Actions that AWS asks for inside other calls: the simulator, like the service models, does not know of that. */
const ASKED_INSIDE: Readonly<Record<string, string>> = {
  'iam:PassRole': 'where a role is handed over',
}

/** IAM actions that the kind declares and that nothing used: too much for a policy. */
export function unusedActions({ resources }: AnyKind, used: ReadonlySet<string>): readonly string[] {
  const declared = resources.flatMap(({ permissions }) => permissions.map(({ action }) => action))
  return declared.filter((action) => !used.has(action) && !(action in ASKED_INSIDE))
}

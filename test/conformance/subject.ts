import assert from 'node:assert/strict'
import { kinds as servedKinds } from '../../src/app/kinds.ts'
import type { AnyKind } from '../../src/reconciler/kind.ts'
import { casesOf, type Cases } from './cases.ts'
import { exampleOf, type Manifest } from './world.ts'

/** The kind that is checked, with its example. */
export interface Subject {
  readonly kind: AnyKind
  /** The same without whatever a test has done to it. */
  readonly sound: AnyKind
  /** Every kind that the operator serves. */
  readonly kinds: readonly AnyKind[]
  readonly manifest: Manifest
  /** What the example refers to. */
  readonly needs: readonly Manifest[]
  readonly cases: Cases
}

/** `kind` may be another make of the served kind of that name: it then takes its place. */
export function subjectOf(kind: AnyKind): Subject {
  const sound = servedKinds.find((served) => served.kind === kind.kind) ?? assert.fail(`${kind.kind} is not served`)
  const manifests = exampleOf(sound)
  const manifest = manifests.find((each) => each.kind === kind.kind) ?? assert.fail('the example lacks its kind')
  return {
    kind,
    sound,
    kinds: servedKinds.map((served) => (served === sound ? kind : served)),
    manifest,
    needs: manifests.filter((each) => each !== manifest),
    cases: casesOf(kind.kind),
  }
}

import { Failure } from '../../../src/core/failure.ts'
import { pathOf, withQuery } from '../../../src/kube/path.ts'
import type { Transport } from '../../../src/kube/transport.ts'
import type { AnyKind } from '../../../src/reconciler/kind.ts'
import { resourceTypeOf } from '../../../src/reconciler/api.ts'
import type { Manifest } from '../../conformance/world.ts'

/** What the API server says to a manifest. */
export type Verdict =
  /** `spec`: as it would be stored. */
  | { readonly type: 'accepted'; readonly spec: unknown }
  | { readonly type: 'refused'; readonly message: string }
  /** It could not judge: a fault of the schema, not of the manifest. */
  | { readonly type: 'failed'; readonly message: string }

/** Asks with a dry run, unknown fields being errors, as `kubectl apply --dry-run=server` does. */
export async function submit(transport: Transport, kind: AnyKind, manifest: Manifest): Promise<Verdict> {
  const type = resourceTypeOf(kind)
  const query = { dryRun: 'All', fieldValidation: 'Strict' }
  const path = withQuery(pathOf(type, { namespace: manifest.metadata.namespace }), query)
  const operation = `POST ${type.plural}`
  try {
    const signal = AbortSignal.timeout(60_000)
    const answer = await transport.request({ operation, method: 'POST', path, body: manifest }, signal)
    return { type: 'accepted', spec: Reflect.get(Object(answer), 'spec') }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { type: error.code === 'invalid' ? 'refused' : 'failed', message: error.message }
  }
}

/** What is wrong with a refusal: it has to name the field and the rule. */
export function refusalProblems(message: string): readonly string[] {
  const said = message.replace(/^.* is invalid: /, '')
  return [
    ...(/\bspec\b/.test(said) ? [] : ['names no field']),
    ...(DETAIL.test(said) ? [] : ['names no rule']),
    // The API server writes down the rule itself where nobody has put it in words.
    ...(/failed rule:/.test(said) ? ['has a rule without words'] : []),
    // A rule that cannot be evaluated says nothing to a user.
    ...(BROKEN.test(said) ? ['has a rule that fails itself'] : []),
  ]
}

const DETAIL =
  /unknown field|(Invalid|Required|Unsupported|Duplicate) value: .*: .+|Required value|Duplicate value|Too (long|many|few|short): .+/
const BROKEN = /rule evaluation|evaluating rule|no such (key|overload)|cost limit|budget|internal error|panic/i

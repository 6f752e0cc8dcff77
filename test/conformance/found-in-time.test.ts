import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { kinds } from '../../src/app/kinds.ts'
import type { AnyKind } from '../../src/reconciler/kind.ts'
import { statusOf } from '../../src/reconciler/managed.ts'
import type { AnyResource, Drift, Scope } from '../../src/reconciler/resource.ts'
import { untilReady } from '../support/rates/fleet.ts'
import { startVirtualOperator, type VirtualOperator } from '../support/virtual-operator.ts'
import { exampleOf, type Manifest } from './world.ts'

/** The whole operator, with its sweeps, finds what somebody changes behind its back within the time that is promised. */
for (const kind of kinds) {
  describe(`what sweeps and close looks find of an ${kind.kind}`, () => {
    for (const resource of kind.resources) {
      for (const drift of resource.drifts) {
        test(`${resource.type}: ${drift.fact}: repaired after ${drift.foundBy}`, () =>
          foundInTime(kind, resource, drift))
      }
    }
  })
}

/** Passes, and what AWS needs to do as it was told. */
const REPAIR_SECONDS = 60
const signal = new AbortController().signal

async function foundInTime(kind: AnyKind, resource: AnyResource, drift: Drift): Promise<void> {
  const manifests = exampleOf(kind)
  const operator = await startVirtualOperator({ share: 0.6 })
  for (const manifest of manifests) operator.apply(manifest)
  await untilReady(operator, manifests)
  // Counts in the status of what the example refers to follow.
  await operator.clock.advance(2 * kind.driftSeconds)
  const own = manifests.find((manifest) => manifest.kind === kind.kind) ?? assert.fail(`no example of ${kind.kind}`)

  await inject(operator, own, { resource, drift })
  const begun = operator.clock.now()

  await operator.clock.advance(2 * kind.driftSeconds + REPAIR_SECONDS)
  assert.equal(writesSince(operator, begun).length > 0, drift.foundBy === 'sweep', 'found by the other tier')
  await operator.clock.advance(1.1 * kind.closeLookSeconds)
  assert.ok(writesSince(operator, begun).length > 0, 'never found')
  await untilReady(operator, manifests)
  assert.deepEqual(operator.errors(), [])
  await operator.stop()
}

async function inject(
  operator: VirtualOperator,
  manifest: Manifest,
  { resource, drift }: { readonly resource: AnyResource; readonly drift: Drift },
): Promise<void> {
  const { aws } = operator
  const object = operator.find({ ...manifest, kind: manifest.kind }) ?? assert.fail('no object')
  const entry = statusOf(object).inventory?.find(({ type }) => type === resource.type)
  const { accountId, region } = aws
  const session = aws.sessionFor({ accessKeyId: `AKIA${accountId}OTHER` })
  const scope: Scope = { accountId, region, partition: 'aws', aws: session }
  await aws.drive(drift.inject(entry?.id ?? assert.fail(`there is no ${resource.type}`), scope, signal))
}

const READ = /^(Describe|List|Get|BatchGet)/

function writesSince(operator: VirtualOperator, since: number): readonly string[] {
  return operator.calls(since).flatMap(({ operation }) => (READ.test(operation) ? [] : [operation]))
}

test('an object that waits for long does not hide what else changes: it is found within a drift period', async () => {
  const operator = await startVirtualOperator({ share: 0.6 })
  operator.aws.simulator.setScenario({ images: { 'broken:1': { type: 'cannot-pull' } } })
  const kind = kinds.find((each) => each.kind === 'EcsService') ?? assert.fail('no kind')
  const manifests = exampleOf(kind).map((manifest) => withoutBreaker(manifest))
  for (const manifest of manifests) operator.apply(manifest)
  await operator.clock.advance(1800)
  const service = manifests.find((manifest) => manifest.kind === kind.kind) ?? assert.fail('no example')
  const resource = kind.resources.find(({ type }) => type === 'log-group') ?? assert.fail('no log group')
  const drift = resource.drifts.find(({ fact }) => fact.includes('retention')) ?? assert.fail('no drift')

  await inject(operator, service, { resource, drift })
  const begun = operator.clock.now()
  await operator.clock.advance(kind.driftSeconds + REPAIR_SECONDS)

  assert.deepEqual(writesSince(operator, begun), ['PutRetentionPolicy'])
  await operator.stop()
})

/** A service that never comes up, and that ECS goes on trying. */
function withoutBreaker(manifest: Manifest): Manifest {
  if (manifest.kind !== 'EcsService') return manifest
  const text = JSON.stringify(manifest)
    .replace('nginxdemos/hello', 'broken:1')
    .replace('"enable":true,"rollback":true', '"enable":false,"rollback":false')
  const changed: Manifest = JSON.parse(text)
  return changed
}

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { joinCluster } from '../support/control-plane.ts'
import { openTransport } from './fuzz/connect.ts'
import { fuzz } from './fuzz/fuzz.ts'

/** `npm run test:fuzz -- --count 5000` tries many more. */
const COUNT = 300

test(`${COUNT} spoilt examples are refused with field and rule, or end Ready or Stalled with the field named`, async () => {
  const { kubeconfigPath, namespace } = await joinCluster(import.meta.url)
  const transport = await openTransport(kubeconfigPath)
  after(() => transport.close())

  const { findings, refused, ends } = await fuzz({ transport, namespace, count: COUNT, from: 1 })

  assert.deepEqual(findings, [])
  // Neither side of the coin may be missing.
  assert.ok(refused > COUNT / 5 && ends.ready > COUNT / 10, `${refused} refused, ${ends.ready} ready`)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type RuntimeProcess, lackedCapabilities, withoutCapabilities } from './bounded-runc.ts'

for (const { fact, bounding, lacked } of [
  { fact: 'a machine that may do everything lacks nothing', bounding: '000001ffffffffff', lacked: [] },
  { fact: 'a machine may lack one', bounding: '000001fffeffffff', lacked: ['CAP_SYS_RESOURCE'] },
  {
    fact: 'a kernel that does not know the last ones lacks them',
    bounding: '0000003fffffffff',
    lacked: ['CAP_PERFMON', 'CAP_BPF', 'CAP_CHECKPOINT_RESTORE'],
  },
]) {
  test(fact, () => {
    assert.deepEqual(lackedCapabilities(`CapEff:\t0000000000000000\nCapBnd:\t${bounding}\nCapAmb:\t0\n`), lacked)
  })
}

test('a container gets what it asks for but what is lacked, in every set', () => {
  const capabilities = { bounding: ['CAP_CHOWN', 'CAP_SYS_RESOURCE'], effective: ['CAP_SYS_RESOURCE'] }

  const asked = { cwd: '/', capabilities }

  assert.deepEqual(withoutCapabilities(asked, ['CAP_SYS_RESOURCE']), {
    cwd: '/',
    capabilities: { bounding: ['CAP_CHOWN'], effective: [] },
  })
})

test('a process without capabilities stays as it is', () => {
  const asked: RuntimeProcess & { cwd: string } = { cwd: '/' }

  assert.deepEqual(withoutCapabilities(asked, ['CAP_SYS_RESOURCE']), { cwd: '/' })
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { satisfies } from './packages.js'

const zod = { version: '4.6.7', integrity: 'sha512-a' }
const forAnotherPlatform = { version: '1.0.0', integrity: 'sha512-b', optional: true }

for (const { fact, installed, expected } of [
  { fact: 'what is installed as listed is enough', installed: { 'node_modules/zod': zod }, expected: true },
  { fact: 'nothing installed is not enough', installed: {}, expected: false },
  {
    fact: 'another version is not enough',
    installed: { 'node_modules/zod': { ...zod, version: '4.6.6' } },
    expected: false,
  },
  {
    fact: 'the same version with other content is not enough',
    installed: { 'node_modules/zod': { ...zod, integrity: 'sha512-c' } },
    expected: false,
  },
  {
    fact: 'what is there in addition does no harm',
    installed: { 'node_modules/zod': zod, 'node_modules/extra': zod },
    expected: true,
  },
  {
    fact: 'an optional package of another version is not enough',
    installed: { 'node_modules/zod': zod, 'node_modules/other': { ...forAnotherPlatform, version: '0.9.0' } },
    expected: false,
  },
  {
    fact: 'a package whose checksum the lock file lacks is told by its version',
    installed: { 'node_modules/zod': zod, 'node_modules/unhashed': { version: '2.0.0', integrity: 'sha512-d' } },
    expected: true,
  },
]) {
  test(fact, () => {
    const wanted = {
      '': { name: 'longshore' },
      'node_modules/zod': zod,
      'node_modules/other': forAnotherPlatform,
      'node_modules/unhashed': { version: '2.0.0', optional: true },
    }

    assert.equal(satisfies(installed, wanted), expected)
  })
}

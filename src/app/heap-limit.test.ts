import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { heapFlags } from './heap-limit.ts'

const MEBIBYTE = 2 ** 20

describe('the heap of a container', () => {
  for (const { memoryMib, flags = [], limit } of [
    { memoryMib: 64, limit: ['--max-old-space-size=32'] },
    { memoryMib: 128, limit: ['--max-old-space-size=64'] },
    { memoryMib: 256, limit: ['--max-old-space-size=144'] },
    { memoryMib: 512, limit: ['--max-old-space-size=384'] },
    { memoryMib: 2048, limit: ['--max-old-space-size=1536'] },
    { memoryMib: 512, flags: ['--max-old-space-size=100'], limit: [] },
    { memoryMib: 512, flags: ['--enable-source-maps --max_old_space_size=100'], limit: [] },
    { memoryMib: 512, flags: ['--max-old-space-size-percentage=70'], limit: [] },
    { memoryMib: 512, flags: ['--enable-source-maps'], limit: ['--max-old-space-size=384'] },
    // Node says 0 where nothing is known of a limit, and an absurd number where there is none.
    { memoryMib: 0, limit: [] },
    { memoryMib: 2 ** 44, limit: [] },
  ]) {
    test(`of ${memoryMib} MiB is ${limit[0] ?? 'left alone'}${flags.length > 0 ? ` with ${flags[0]}` : ''}`, () => {
      assert.deepEqual(heapFlags({ memoryLimitBytes: memoryMib * MEBIBYTE, flags, isService: false }), limit)
    })
  }
})

describe('the heap of an operator', () => {
  const [semiSpace, growth] = ['--max-semi-space-size=16', '--heap-growing-percent=50']
  for (const { fact, memoryMib = 0, flags = [], wanted } of [
    { fact: 'is kept small', wanted: [semiSpace, growth] },
    { fact: 'is kept small within a limit', memoryMib: 512, wanted: ['--max-old-space-size=384', semiSpace, growth] },
    { fact: 'is left alone where somebody has decided', flags: ['--max_semi_space_size=8'], wanted: [growth] },
    { fact: 'needs nothing more once it was started so', flags: [semiSpace, growth], wanted: [] },
  ]) {
    test(fact, () => {
      assert.deepEqual(heapFlags({ memoryLimitBytes: memoryMib * MEBIBYTE, flags, isService: true }), wanted)
    })
  }
})

test('the program starts itself with the heap of its container, and with everything else as it was', async () => {
  // As if the cgroup said so; printed is what V8 makes of it.
  const preload = `
    import v8 from 'node:v8'
    process.constrainedMemory = () => ${512 * MEBIBYTE}
    process.on('exit', () => console.log(v8.getHeapStatistics().heap_size_limit, process.env.MARK))`
  const main = fileURLToPath(new URL('../main.ts', import.meta.url))
  const args = ['--import', `data:text/javascript,${encodeURIComponent(preload)}`, main, 'help', 'version']
  const env = { ...process.env, NODE_OPTIONS: '', MARK: 'kept' }

  const { stdout } = await promisify(execFile)(process.execPath, args, { env })

  const [, heapBytes, mark] = /print the version[^]*?(\d+) (\w+)\n$/.exec(stdout) ?? assert.fail(stdout)
  // The young generation comes on top.
  const heapMib = Number(heapBytes) / MEBIBYTE
  assert.ok(heapMib >= 384 && heapMib < 512, `${heapMib} MiB`)
  assert.equal(mark, 'kept')
})

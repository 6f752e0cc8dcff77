import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Heap } from './heap.ts'

test('a heap gives back in order what is left after removals', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(50), { minLength: 7, maxLength: 30 }),
      fc.array(fc.nat(30), { maxLength: 7 }),
      (numbers, removals) => {
        const heap = new Heap<{ readonly value: number }>((a, b) => a.value < b.value)
        const left = numbers.map((value) => ({ value }))
        for (const member of left) heap.push(member)
        for (const index of removals) {
          const [removed] = left.splice(index % Math.max(1, left.length), 1)
          if (removed !== undefined) assert.ok(heap.remove(removed))
          if (removed !== undefined) assert.ok(!heap.remove(removed))
        }

        const popped: number[] = []
        for (let member = heap.pop(); member !== undefined; member = heap.pop()) popped.push(member.value)

        assert.deepEqual(
          popped,
          left.map(({ value }) => value).toSorted((a, b) => a - b),
        )
        assert.equal(heap.size, 0)
      },
    ),
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TurnOrder, type Level } from './turn-order.ts'

interface Somebody {
  readonly level: Level
  readonly namespace: string
  readonly name: string
}

function somebody(name: string, namespace = 'a', level: Level = 'change'): Somebody {
  return { level, namespace, name }
}

function orderOf(...all: readonly Somebody[]): TurnOrder<Somebody> {
  const order = new TurnOrder<Somebody>()
  for (const each of all) order.add(each)
  return order
}

/** Names in the order of their turns. */
function served(order: TurnOrder<Somebody>, most = Infinity): readonly string[] {
  const names: string[] = []
  for (let next = order.next(); next !== undefined && names.length < most; next = order.next()) {
    order.served(next)
    names.push(next.name)
  }
  return names
}

test('in a namespace, first come, first served', () => {
  assert.deepEqual(served(orderOf(somebody('1'), somebody('2'), somebody('3'))), ['1', '2', '3'])
})

test('namespaces have turns one after the other, however many wait in each', () => {
  const many = ['a1', 'a2', 'a3', 'a4'].map((name) => somebody(name, 'a'))

  const order = orderOf(...many, somebody('b1', 'b'), somebody('c1', 'c'), somebody('b2', 'b'))

  assert.deepEqual(served(order), ['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4'])
})

test('who comes to a long line of another namespace has the next turn but one', () => {
  const order = orderOf(...Array.from({ length: 100 }, (_, index) => somebody(`a${index}`, 'a')))
  served(order, 10)
  order.add(somebody('b', 'b'))

  assert.deepEqual(served(order, 2), ['a10', 'b'])
})

test('a change overtakes drift, which overtakes a sweep; who holds up others goes before all', () => {
  const levels = ['sweep', 'drift', 'change', 'in-turn'] as const
  const order = orderOf(...levels.map((level) => somebody(level, 'a', level)))

  assert.deepEqual(served(order), ['in-turn', 'change', 'drift', 'sweep'])
})

test('the less urgent have one turn in ten', () => {
  const changes = Array.from({ length: 40 }, (_, index) => somebody(`c${index}`))
  const drifts = Array.from({ length: 40 }, (_, index) => somebody(`d${index}`, 'a', 'drift'))

  const first = served(orderOf(...changes, ...drifts), 40)

  assert.equal(first.filter((name) => name.startsWith('d')).length, 4)
  assert.equal(first[9], 'd0')
})

test('who leaves is not served', () => {
  const [leaving, staying] = [somebody('1'), somebody('2')]
  const order = orderOf(leaving, staying)
  order.delete(leaving)

  assert.deepEqual(served(order), ['2'])
})

test('tells how many come before', () => {
  const last = somebody('a3', 'a')
  const order = orderOf(
    somebody('a1', 'a'),
    somebody('a2', 'a'),
    last,
    ...['b1', 'b2', 'b3', 'b4', 'b5'].map((name) => somebody(name, 'b')),
    somebody('drift', 'a', 'drift'),
  )

  // Two of its own, and three turns of the other namespace.
  assert.equal(order.ahead(last), 5)
  assert.equal(served(order).indexOf('a3') <= 5, true)
})

test('who comes waits behind those as urgent or more', () => {
  const order = orderOf(somebody('1', 'a', 'drift'))

  assert.deepEqual([order.hasBefore('change'), order.hasBefore('drift'), order.hasBefore('sweep')], [false, true, true])
})

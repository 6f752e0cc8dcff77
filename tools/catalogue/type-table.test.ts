import assert from 'node:assert/strict'
import { test } from 'node:test'
import { typeTableFrom } from './type-table.ts'

const PAGE = `---
title: "Types"
---
A sentence.
## m99a Family
### \`m99a.large\`
#### Labels
 | Label | Value |
 |--|--|
 |karpenter.k8s.aws/instance-cpu|2|
 |karpenter.k8s.aws/instance-hypervisor||
#### Resources
 | Resource | Quantity |
 |--|--|
 |cpu|1930m|
 |memory|6903Mi|
### \`m99a.metal\`
#### Labels
 | Label | Value |
 |--|--|
 |kubernetes.io/os|linux|
## z99 Family
### \`z99.large\`
#### Resources
 |cpu|940m|
`

test('every type has its labels and what is left of it', () => {
  const rows = typeTableFrom(PAGE).map(({ name, labels, resources }) => [name, [...labels], [...resources]])

  assert.deepEqual(rows, [
    [
      'm99a.large',
      [
        ['karpenter.k8s.aws/instance-cpu', '2'],
        ['karpenter.k8s.aws/instance-hypervisor', ''],
      ],
      [
        ['cpu', '1930m'],
        ['memory', '6903Mi'],
      ],
    ],
    ['m99a.metal', [['kubernetes.io/os', 'linux']], []],
    ['z99.large', [], [['cpu', '940m']]],
  ])
})

test('a page without types has none', () => assert.deepEqual(typeTableFrom('# Types\n'), []))

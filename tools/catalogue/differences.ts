import type { InstanceType } from '../../src/core/scheduling/problem.ts'
import type { TableRow } from './type-table.ts'

/** Where a computed type differs from what the table says of it. */
export interface Difference {
  readonly name: string
  readonly field: string
  readonly computed: string
  readonly table: string
}

const MIB = 2 ** 20
const GIB = 2 ** 30

/** Compares labels and allocatable amounts of a type with its row; the region is not in the table. */
export function differencesFrom(type: InstanceType, row: TableRow): readonly Difference[] {
  const labels = new Map(Object.entries(type.labels).filter(([key]) => key !== 'topology.kubernetes.io/region'))
  const amounts = new Map(Object.entries(type.allocatable).map(([key, amount]) => [key, tableText(key, amount)]))
  return [...mapDifferences(labels, row.labels), ...mapDifferences(amounts, row.resources)].map((difference) => ({
    name: type.name,
    ...difference,
  }))
}

function mapDifferences(computed: ReadonlyMap<string, string>, table: ReadonlyMap<string, string>) {
  const fields = [...new Set([...computed.keys(), ...table.keys()])]
  return fields
    .map((field) => ({ field, computed: computed.get(field) ?? 'absent', table: table.get(field) ?? 'absent' }))
    .filter((difference) => difference.computed !== difference.table)
}

/** An amount as the table writes it: memory in MiB, storage in GiB, CPU in millicores. */
function tableText(resource: string, amount: number): string {
  if (resource === 'memory') return `${amount / MIB}Mi`
  if (resource === 'ephemeral-storage') return `${amount / GIB}Gi`
  if (resource === 'cpu') return `${amount}m`
  return String(amount)
}

/** A type as the table of the documentation has it: labels and allocatable amounts, as written. */
export interface TableRow {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  /** Kubernetes quantities. */
  readonly resources: ReadonlyMap<string, string>
}

/** Not the row that heads a table, whose cells are padded, nor the one that rules it off. */
const ROW = /^ \|([^|\s]+)\|([^|\s]*)\|$/gm
const RULE = '--'

/** Reads the page that lists every type under a heading of its own, with one table for labels and one for resources. */
export function typeTableFrom(markdown: string): readonly TableRow[] {
  return [...markdown.matchAll(/^### `(.+)`\n([^]*?)(?=^##? |^### |$(?![^]))/gm)].map(([, name = '', section = '']) => {
    const [labels = '', resources = ''] = section.split('#### Resources\n')
    return { name, labels: entriesOf(labels), resources: entriesOf(resources) }
  })
}

function entriesOf(table: string): ReadonlyMap<string, string> {
  const rows = [...table.matchAll(ROW)].map(([, key = '', value = '']) => [key, value] as const)
  return new Map(rows.filter(([key]) => key !== RULE))
}

import type { PrinterColumn } from './kind.ts'

/** The columns that every kind shows: Ready and Reason first, then the kind's own, Age last. */
export function standardColumns(...own: readonly PrinterColumn[]): readonly PrinterColumn[] {
  return [
    {
      name: 'Ready',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].status',
      description: 'Whether AWS matches the object.',
    },
    {
      name: 'Reason',
      type: 'string',
      jsonPath: '.status.conditions[?(@.type=="Ready")].reason',
      description: 'Why it does or does not.',
    },
    ...own,
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ]
}

import { stringify } from 'yaml'
import type { Decision } from './decide.ts'
import type { View } from './pack-order.ts'
import { planDocument } from './plan-document.ts'
import { renderTable } from './table.ts'
import { renderSvg } from './svg/picture.ts'

/** A decision as it was asked for. */
export function rendered(decision: Decision, view: View): string {
  switch (view.format) {
    case 'json':
      return `${JSON.stringify(planDocument(decision), null, 2)}\n`
    case 'yaml':
      return stringify(planDocument(decision))
    case 'table':
      return renderTable(decision, view)
    case 'svg':
      return renderSvg(decision)
  }
}

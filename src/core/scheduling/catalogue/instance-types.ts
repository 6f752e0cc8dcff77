import type { InstanceType } from '../problem.ts'
import { type CatalogueOptions, typesFromFacts } from './catalogue-type.ts'
import { typesFromLine } from './family-line.ts'
import type { TypeFacts } from './type-facts.ts'
import catalogue from './us-east-1.json' with { type: 'json' }

// Whoever imports this file has the data in memory from then on: the program imports it when it is asked to pack.

/** Where the facts are from, and of when. */
export interface CatalogueSource {
  /** Of the Karpenter provider for AWS. */
  readonly commit: string
  /** Whose prices these are. */
  readonly region: string
  /** ISO 8601. */
  readonly pricesOf: string
}

export const SOURCE: CatalogueSource = catalogue

/** The facts of every type, in the order of the data file. */
export function catalogueFacts(): readonly TypeFacts[] {
  return catalogue.families.flatMap(typesFromLine)
}

/**
 * All types of the shipped catalogue, offered on demand at the list prices of us-east-1. Spot prices change by the hour
 * and no public file has them, so spot is offered by overlays only.
 */
export function instanceTypes(options: CatalogueOptions = {}): readonly InstanceType[] {
  return typesFromFacts(catalogueFacts(), options)
}

import type { NodeRequirement } from '../kubernetes.ts'

/** How a number changes. */
export type Change =
  | { readonly type: 'set'; readonly value: number }
  | { readonly type: 'add'; readonly value: number }
  | { readonly type: 'scale'; readonly factor: number }

/**
 * What somebody knows better than the catalogue, about the types and offerings that meet all requirements. Prices are in
 * USD an hour, amounts in millicores, bytes and pieces.
 */
export interface Overlay {
  readonly name: string
  /** Where several overlays say something about the same thing, the heaviest is believed. */
  readonly weight: number
  /** On labels of the type, and on zone and capacity type of the offering. */
  readonly requirements: readonly NodeRequirement[]
  /** Of offerings that there are. */
  readonly price?: Change
  /** Offers spot wherever on demand is offered; `scale` is of the on-demand price before any overlay. */
  readonly spotPrice?: Change
  readonly available?: boolean
  /** By resource: memory, ephemeral-storage or an extended resource. */
  readonly capacity: Readonly<Record<string, Change>>
}

/** Money to a billionth, so that 0.1 + 0.2 is 0.3; nothing costs less than nothing. */
export function changedPrice(priceUsdPerHour: number, change: Change): number {
  return Math.max(0, Number(changed(priceUsdPerHour, change).toFixed(9)))
}

/** Whole bytes and pieces, rounded down: a node must not promise what it has not. */
export function changedAmount(amount: number, change: Change): number {
  return Math.max(0, Math.floor(changed(amount, change)))
}

function changed(value: number, change: Change): number {
  switch (change.type) {
    case 'set':
      return change.value
    case 'add':
      return value + change.value
    case 'scale':
      return value * change.factor
  }
}

import { constructFleet, type Permits } from './construct.ts'
import { everything, podsIn, type FleetNode, type Remains, type Workshop } from './fleet.ts'
import type { Lots, LotSizes } from './lots.ts'
import { priceLots, type PricedLots } from './price-lots.ts'
import { at, wholeAt } from './vectors.ts'
import { worthwhile } from './worthwhile.ts'

/** So many pods are not worth new prices. */
const FEW_PODS = 40
/** The pods that are left go on, at new prices, when so many of them have nodes. */
const SHARE = 0.5

/**
 * Nodes for everything, half of the pods at a time: pods that go well with many others are used up first, and what the rest
 * are worth is asked anew. Known as diving (J. Desrosiers and M. Lübbecke, A Primer in Column Generation, 2005).
 */
export function diveFleet(shop: Workshop, priced: PricedLots, permits: Permits): FleetNode[] {
  const remains = everything(shop.lots)
  const nodes: FleetNode[] = []
  let [present, { solution }] = [shop, priced]
  for (;;) {
    const pods = podsIn(remains)
    const until = pods <= FEW_PODS ? 0 : Math.floor(pods * (1 - SHARE))
    const made = constructFleet(present, remains, permits, { solution, until })
    nodes.push(...made)
    if (made.length === 0 || podsIn(remains) === 0) return nodes
    const next = pricedAnew(shop, remains)
    present = next.shop
    solution = next.solution
  }
}

/** The workshop with prices of what remains. */
function pricedAnew(shop: Workshop, { left }: Remains): { shop: Workshop; solution: PricedLots['solution'] } {
  const lots = [...left.keys()].filter((lot) => at(left, lot) > 0)
  const priced = priceLots(sizesOf(shop.lots, left, lots), shop.vessels)
  const values = Float64Array.from(shop.values)
  for (const [index, lot] of lots.entries()) values[lot] = at(priced.values, index)
  const members = priced.members.map((group) => group.map((index) => lots[index] ?? 0))
  const { ratios, solution } = priced
  return { shop: { ...shop, values, members, ratios, choice: worthwhile(shop.vessels, ratios) }, solution }
}

/** Some of the lots, with the pods that they have left. */
function sizesOf(all: Lots, left: Float64Array, lots: readonly number[]): LotSizes {
  const { resources, vessels } = all
  const requests = new Float64Array(lots.length * resources)
  const fits = new Uint8Array(lots.length * vessels)
  for (const [index, lot] of lots.entries()) {
    requests.set(all.requests.subarray(lot * resources, (lot + 1) * resources), index * resources)
    fits.set(all.fits.subarray(lot * vessels, (lot + 1) * vessels), index * vessels)
  }
  const kinds = [...new Set(lots.map((lot) => wholeAt(all.kinds, lot)))]
  return {
    size: lots.length,
    resources,
    vessels,
    requests,
    fits,
    counts: Float64Array.from(lots, (lot) => at(left, lot)),
    perNode: Float64Array.from(lots, (lot) => at(all.perNode, lot)),
    circles: Int32Array.from(lots, (lot) => wholeAt(all.circles, lot)),
    // From 0 on, without gaps.
    kinds: Int32Array.from(lots, (lot) => kinds.indexOf(wholeAt(all.kinds, lot))),
  }
}

/**
 * Kubernetes quantities: `1500m`, `8Gi`, `1e3`, `0.5`. What counts in a schedule is what the API server's own arithmetic
 * makes of them: CPU in whole thousandths, all else in whole units, each rounded up (apimachinery, resource.Quantity,
 * MilliValue and Value).
 */
const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E)|[eE]([+-]?\d+))?$/

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/** What a resource counts in: CPU in millicores, everything else in bytes or pieces; whole numbers, rounded up. */
export function amountFrom(resource: string, text: string | number): number | undefined {
  const amount = scaledQuantity(text, resource === 'cpu' ? 1000 : 1)
  return amount === undefined ? undefined : Math.ceil(amount)
}

function scaledQuantity(text: string | number, scale: number): number | undefined {
  const match = QUANTITY.exec(String(text))
  if (match === null) return undefined
  const [, digits = '', suffix = '', exponent = '0'] = match
  const factor = (SUFFIXES[suffix] ?? 10 ** Number(exponent)) * scale
  // 0.1 × 1000 is 100, not 100.00000000000001: quantities are decimal.
  return Number((Number(digits) * factor).toPrecision(15))
}

/** Resources and what is wanted or there of each, in the units of `amountFrom`. */
export type Amounts = Readonly<Record<string, number>>

/** Amounts from a Kubernetes resource list. Throws a `RangeError` that names the resource for what is no quantity. */
export function amountsFrom(list: Readonly<Record<string, string | number>> | undefined): Amounts {
  const amounts: Record<string, number> = {}
  for (const [resource, text] of Object.entries(list ?? {})) {
    const amount = amountFrom(resource, text)
    if (amount === undefined) throw new RangeError(`${resource}: "${text}" is not a Kubernetes quantity`)
    amounts[resource] = amount
  }
  return amounts
}

/** An amount as Kubernetes would print it: `1500m`, `2`, `6Gi`, `7100Mi`, `29`. */
export function quantityText(resource: string, amount: number): string {
  if (resource === 'cpu') return amount % 1000 === 0 ? String(amount / 1000) : `${amount}m`
  if (resource !== 'memory' && resource !== 'ephemeral-storage' && !resource.startsWith('hugepages-'))
    return String(amount)
  const suffix = (['Ti', 'Gi', 'Mi', 'Ki'] as const).find(
    (unit) => amount !== 0 && amount % (SUFFIXES[unit] ?? 1) === 0,
  )
  return suffix === undefined ? String(amount) : `${amount / (SUFFIXES[suffix] ?? 1)}${suffix}`
}

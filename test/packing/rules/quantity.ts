import type { Quantity } from '../documents.ts'

/** Kubernetes keeps quantities down to 10^-9 of a unit. */
const NANO_DIGITS = 9
const NANO = 10n ** BigInt(NANO_DIGITS)

const DECIMAL_EXPONENTS: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
}
const BINARY_EXPONENTS: Readonly<Record<string, bigint>> = { Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n }

const FORM = /^([+-]?)(?=\.?\d)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+)|([KMGTPE]i|[numkMGTPE]|))$/

/**
 * A quantity in 10^-9 of its unit, rounded up. The grammar: Kubernetes API reference, "Quantity"
 * (https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/). Throws on text that is none.
 */
export function nanosFrom(quantity: Quantity): bigint {
  const match = FORM.exec(textOf(quantity))
  if (!match) throw new Error(`not a quantity: ${quantity}`)
  const [, sign, whole = '', fraction = '', exponent, suffix = ''] = match
  const power = powerOfTen(exponent, suffix) - fraction.length + NANO_DIGITS
  const magnitude = scaled(BigInt(whole + fraction) << (BINARY_EXPONENTS[suffix] ?? 0n), power)
  return sign === '-' ? -magnitude : magnitude
}

function powerOfTen(exponent: string | undefined, suffix: string): number {
  return exponent === undefined ? (DECIMAL_EXPONENTS[suffix] ?? 0) : Number(exponent)
}

/** Numbers print with an exponent like `1e+21`, which the grammar takes. */
function textOf(quantity: Quantity): string {
  return String(quantity).trim()
}

function scaled(digits: bigint, power: number): bigint {
  return power >= 0 ? digits * 10n ** BigInt(power) : dividedUp(digits, 10n ** BigInt(-power))
}

function dividedUp(dividend: bigint, divisor: bigint): bigint {
  return (dividend + divisor - 1n) / divisor
}

/**
 * What the scheduler counts with: whole thousandths of CPUs and whole units of anything else, rounded up
 * ("Resource Management for Pods and Containers", resource units: CPU is not finer than 1m, memory is in bytes).
 */
export function countedFrom(resource: string, nanos: bigint): bigint {
  return dividedUp(nanos, resource === 'cpu' ? NANO / 1000n : NANO)
}

import * as z from 'zod'
import { flag, labels, listOf, name, objectOf, oneOf, resourceList, whole } from './basics.ts'

export const instanceType = objectOf({
  name,
  capacity: resourceList.exactOptional(),
  allocatable: resourceList,
  labels: labels.exactOptional(),
  offerings: listOf(
    objectOf({
      zone: name,
      capacityType: name,
      priceUsdPerHour: z.number('a price in US dollars').min(0, 'a price in US dollars that is not negative'),
      available: flag.exactOptional(),
    }),
  ),
})
export type InstanceTypeEntry = z.infer<typeof instanceType>

function notNegative(what: string): z.ZodNumber {
  return z.number(what).min(0, `${what} that is not negative`)
}

function positive(what: string): z.ZodNumber {
  return z.number(what).gt(0, `${what} above 0`)
}

const LONGEST_MS = 24 * 3600 * 1000

/** `options` of a problem. */
export const packSettings = z.strictObject(
  {
    timeLimitMs: whole(1, LONGEST_MS).exactOptional(),
    ignorePreferences: flag.exactOptional(),
    consolidate: flag.exactOptional(),
    budgetNodes: whole(0, 1_000_000).exactOptional(),
    moveRounds: whole(1, 100).exactOptional(),
    usdPerDisruption: notNegative('a price in US dollars').exactOptional(),
    paybackHours: positive('a number of hours').exactOptional(),
    barePods: oneOf('stay', 'move').exactOptional(),
  },
  'an object',
)
export type PackSettings = z.infer<typeof packSettings>

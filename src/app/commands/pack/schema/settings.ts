import { z } from 'zod'
import { flag, labels, listOf, name, objectOf, resourceList, whole } from './basics.ts'

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

const LONGEST_MS = 24 * 3600 * 1000

/** `options` of a problem. */
export const packSettings = z.strictObject(
  {
    timeLimitMs: whole(1, LONGEST_MS).exactOptional(),
    ignorePreferences: flag.exactOptional(),
    consolidate: flag.exactOptional(),
    budgetNodes: whole(0, 1_000_000).exactOptional(),
  },
  'an object',
)
export type PackSettings = z.infer<typeof packSettings>

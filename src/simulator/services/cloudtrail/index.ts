import * as schemas from '@aws-sdk/client-cloudtrail'
import type { SimulatedService } from '../../service.ts'
import { lookupEvents } from './lookup.ts'

/**
 * AWS CloudTrail, as far as its event history goes: no trails, no event data stores. It keeps nothing: events are made of
 * the simulator's log of calls when somebody looks them up, so that nobody else pays for them.
 */
export const cloudtrail: SimulatedService<object> = {
  id: 'cloudtrail',
  schemas,
  createState: () => ({}),
  operations: { LookupEvents: lookupEvents },
}

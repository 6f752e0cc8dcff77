import { instanceTypes } from '../../../core/scheduling/catalogue/instance-types.ts'
import { packPods } from '../../../core/scheduling/pack.ts'
import { startStopwatch } from '../../../runtime/clock.ts'
import type { DecisionTools } from './decide.ts'

/** What the program decides with. */
export const systemTools: DecisionTools = {
  startStopwatch,
  solvers: {
    packPods,
    shippedTypes: (zones) => instanceTypes(zones && { zones }),
  },
}

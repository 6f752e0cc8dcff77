import { instanceTypes } from '../../../core/scheduling/catalogue/instance-types.ts'
import { consolidate } from '../../../core/scheduling/consolidation/consolidate.ts'
import { packPods } from '../../../core/scheduling/pack.ts'
import { startStopwatch } from '../../../runtime/clock.ts'
import type { DecisionTools } from './decide.ts'

/** What the program decides with. */
export const systemTools: DecisionTools = {
  startStopwatch,
  solvers: {
    packPods,
    consolidate: (problem, options) => consolidate(problem, options),
    shippedTypes: (zones) => instanceTypes(zones && { zones }),
  },
}

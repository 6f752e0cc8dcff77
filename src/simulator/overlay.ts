import type { Overlay } from './constraint.ts'
import cloudtrail from './overlay/cloudtrail.json' with { type: 'json' }
import ecr from './overlay/ecr.json' with { type: 'json' }
import ecs from './overlay/ecs.json' with { type: 'json' }
import logs from './overlay/logs.json' with { type: 'json' }
import sts from './overlay/sts.json' with { type: 'json' }

/**
 * Constraints that the SDK's schemas lack, by signing name; generated from AWS's models by `tools/generate-constraints.ts`.
 * AWS under-describes (ECS has four patterns): rules that only its prose has live beside the service.
 */
export const OVERLAYS: Readonly<Record<string, Overlay>> = {
  cloudtrail: cloudtrail.structures,
  ecr: ecr.structures,
  ecs: ecs.structures,
  logs: logs.structures,
  sts: sts.structures,
}

import type { AnyService } from '../service.ts'
import { cloudtrail } from './cloudtrail/index.ts'
import { ecr } from './ecr/index.ts'
import { ecs } from './ecs/index.ts'
import { logs } from './logs/index.ts'
import { sts } from './sts/index.ts'

/** Every service that the simulator has. */
export const SERVICES: readonly AnyService[] = [cloudtrail, ecr, ecs, logs, sts]

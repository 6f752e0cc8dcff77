import type { AnyService } from '../service.ts'
import { ecs } from './ecs/index.ts'
import { sts } from './sts/index.ts'

/** Every service that the simulator has. */
export const SERVICES: readonly AnyService[] = [sts, ecs]

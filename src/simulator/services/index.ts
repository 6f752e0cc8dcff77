import type { AnyService } from '../service.ts'
import { sts } from './sts/index.ts'

/** Every service that the simulator has. */
export const SERVICES: readonly AnyService[] = [sts]

import { ecrRepositoryKind } from '../kinds/ecr-repository/index.ts'
import { ecsClusterKind } from '../kinds/ecs-cluster/index.ts'
import { ecsServiceKind } from '../kinds/ecs-service/index.ts'
import type { AnyKind } from '../reconciler/kind.ts'

/** Every kind that longshore serves: one line each. */
export const kinds: readonly AnyKind[] = [ecrRepositoryKind, ecsClusterKind, ecsServiceKind]

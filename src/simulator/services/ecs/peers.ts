import type { TaskRecord } from './state.ts'
import { behaviourOf } from './tasks/behaviour.ts'
import type { World } from './world.ts'

export interface StartFailure {
  /** The container it happened to. */
  readonly container: string
  readonly reason: string
}

function pullFailure({ call }: World, task: TaskRecord): StartFailure | undefined {
  const broken = task.containers.find(({ image }) => behaviourOf(call.scenario, image).type === 'cannot-pull')
  return (
    broken && {
      container: broken.name,
      reason: `CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref ${broken.image}: ${broken.image}: not found`,
    }
  )
}

/** Why the containers of a task cannot be started, as the Fargate agent says it; undefined if they can. */
export const startFailure = (world: World, task: TaskRecord): StartFailure | undefined => pullFailure(world, task)

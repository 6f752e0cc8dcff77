import type { ContainerRestartPolicy } from '@aws-sdk/client-ecs'
import type { ImageBehaviour, Scenario } from '../../../service.ts'
import { taskDefinitionByArn } from '../task-definitions/lookup.ts'
import type { ContainerRecord, TaskRecord } from '../state.ts'
import type { World } from '../world.ts'
import { LEDGER } from '../ledger.ts'

/** The reference without tag and digest; a colon before the last slash is a port. */
function repositoryFrom(image: string): string {
  const [name = ''] = image.split('@')
  const colon = name.lastIndexOf(':')
  return colon > name.lastIndexOf('/') ? name.slice(0, colon) : name
}

/** How an image behaves: as said for the exact reference, else for its repository, else it runs. */
export const behaviourOf = ({ images }: Scenario, image: string): ImageBehaviour =>
  images[image] ?? images[repositoryFrom(image)] ?? { type: 'run' }

export interface Exit {
  readonly afterSeconds: number
  readonly exitCode: number
}

/** Whether a container that exits is started again in place (Amazon ECS API Reference, ContainerRestartPolicy). */
function isRestarted(policy: ContainerRestartPolicy | undefined, { afterSeconds, exitCode }: Exit): boolean {
  if (policy?.enabled !== true || policy.ignoredExitCodes?.includes(exitCode)) return false
  return afterSeconds >= (policy.restartAttemptPeriod ?? LEDGER.restartAttemptPeriodSeconds.value)
}

/** When and how a container will exit by itself; undefined if it stays up, be it by being restarted. */
export function exitOf({ state, call }: World, task: TaskRecord, container: ContainerRecord): Exit | undefined {
  const behaviour = behaviourOf(call.scenario, container.image)
  if (behaviour.type !== 'crash') return undefined

  const exit = { afterSeconds: behaviour.afterSeconds ?? 0, exitCode: behaviour.exitCode ?? 1 }
  const { containerDefinitions } = taskDefinitionByArn(state, task.taskDefinition).content
  const policy = containerDefinitions.find(({ name }) => name === container.name)?.restartPolicy
  return isRestarted(policy, exit) ? undefined : exit
}

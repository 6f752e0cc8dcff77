import type { TaskDefinitionContent } from '../../aws/ecs-task-definition.ts'
import type { Deferred } from '../../core/output.ts'
import type { Tags } from '../../core/owner.ts'

type Container = NonNullable<TaskDefinitionContent['containerDefinitions']>[number]
type LogConfiguration = NonNullable<Container['logConfiguration']>

/** A container definition whose log options may name what an earlier resource provides. */
export type DesiredContainer = Omit<Container, 'logConfiguration'> & {
  readonly logConfiguration?:
    | (Omit<LogConfiguration, 'options'> & {
        readonly options?: Readonly<Record<string, Deferred<string>>> | undefined
      })
    | undefined
}

export type DesiredContent = Omit<TaskDefinitionContent, 'containerDefinitions'> & {
  readonly containerDefinitions: readonly DesiredContainer[]
}

/** A task definition as it should be: one revision of a family with this content. */
export interface DesiredTaskDefinition {
  readonly family: string
  readonly content: DesiredContent
  /** Put on new revisions, beside our own. */
  readonly tags: Tags
  /** How many revisions that are not wanted any more stay ACTIVE, so that one can go back to them. */
  readonly revisionHistoryLimit: number
}

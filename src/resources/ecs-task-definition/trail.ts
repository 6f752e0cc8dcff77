import { elementsIn, stringIn } from '../../core/json.ts'
import type { Trail } from '../../reconciler/resource.ts'
import type { TaskDefinitionStep } from './plan.ts'

const TAGGING = ['ecs:TagResource', 'ecs:UntagResource']

/** Calls name a family, a revision (`family:3`) or its ARN (ECS API reference). */
export const taskDefinitionTrail: Trail<TaskDefinitionStep['type']> = {
  causes: {
    register: ['ecs:DeregisterTaskDefinition', 'ecs:DeleteTaskDefinitions'],
    deregister: ['ecs:RegisterTaskDefinition'],
    adopt: TAGGING,
    release: TAGGING,
  },
  isAbout: (parameters, family) => {
    const named = ['family', 'taskDefinition', 'resourceArn'].map((member) => stringIn(parameters, member))
    return [...named, ...elementsIn(parameters, 'taskDefinitions')].some((name) => isOf(family, name))
  },
}

function isOf(family: string, name: unknown): boolean {
  if (typeof name !== 'string') return false
  const [revision = ''] = name.split(':task-definition/').slice(-1)
  return revision.replace(/:\d+$/, '') === family
}

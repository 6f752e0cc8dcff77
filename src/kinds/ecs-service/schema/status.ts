import * as z from 'zod'
import { text } from './text.ts'

const time = z.iso.datetime()
const count = z.int().min(0)

const Rollout = z.strictObject({
  state: z
    .enum(['IN_PROGRESS', 'COMPLETED', 'FAILED', 'ROLLING_BACK', 'ROLLED_BACK'])
    .describe('How the newest attempt to reach the spec stands.'),
  message: z.string().optional().describe('What is going on or went wrong, in a sentence.'),
  startedAt: time.optional().describe('When ECS began.'),
  deploymentId: z.string().optional().describe('Id of the service deployment; what longshore.dev/retry-rollout names.'),
  failedTasks: count.optional().describe('Tasks that failed to start or to stay healthy.'),
})

const Deployment = z.strictObject({
  id: z.string().describe('Id in ECS.'),
  status: z.string().describe('PRIMARY: where ECS is going; ACTIVE: what still runs beside it.'),
  rolloutState: z.string().optional().describe('How far it is.'),
  taskDefinition: z.string().describe('Family and revision that it runs.'),
  desiredCount: count.describe('Tasks that it should have.'),
  runningCount: count.describe('Tasks that run.'),
  pendingCount: count.describe('Tasks that are starting.'),
  failedTasks: count.describe('Tasks that failed.'),
})

const Event = z.strictObject({
  at: time.optional().describe('When it happened.'),
  message: z.string().describe('What ECS says.'),
})

export const EcsServiceStatus = z
  .strictObject({
    arn: text(2048).optional().describe('ARN of the service.'),
    serviceName: z.string().optional().describe('Name of the service in ECS.'),
    clusterName: z.string().optional().describe('Name of its cluster.'),
    clusterArn: z.string().optional().describe('ARN of its cluster.'),
    taskDefinitionArn: z.string().optional().describe('Revision that the service runs or is rolling out.'),
    revision: z.string().optional().describe('The same as family:revision.'),
    desiredCount: count.optional().describe('Tasks that ECS should run.'),
    runningCount: count.optional().describe('Tasks that run.'),
    pendingCount: count.optional().describe('Tasks that are starting.'),
    selector: z.string().optional().describe('Label selector for autoscalers; it names this service.'),
    rollout: Rollout.optional().describe('The newest attempt to reach the spec.'),
    deployments: z.array(Deployment).max(5).optional().describe('Deployments that have tasks, the newest goal first.'),
    events: z.array(Event).max(5).optional().describe('What ECS said last, newest first.'),
  })
  .describe('What the operator knows of the service.')
export type EcsServiceStatus = z.infer<typeof EcsServiceStatus>

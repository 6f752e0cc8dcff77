import * as z from 'zod'
import { asSet, rules, text } from './text.ts'

const PATH = 'spec.deploymentConfiguration'
const Percent = z.int().min(0).max(100)

const CircuitBreaker = z
  .strictObject({
    enable: z.boolean().describe('Whether ECS gives up a deployment whose tasks keep failing.'),
    rollback: z.boolean().describe('Whether it then goes back to the last deployment that worked.'),
    resetOnHealthyTask: z
      .boolean()
      .optional()
      .describe(
        'Whether a task that becomes healthy sets the count of failures back to zero. Absent: left as it is; at first true.',
      ),
    thresholdConfiguration: z
      .strictObject({
        type: z
          .enum(['BOUNDED_PERCENT', 'UNBOUNDED_PERCENT', 'COUNT'])
          .describe(
            'Whether value is a percentage of the desired count (bounded to 3 to 200 tasks or not) or a number of tasks.',
          ),
        value: z.int().min(1).max(2147483647).describe('Percentage or number of failed tasks.'),
      })
      .optional()
      .describe('After how many failed tasks. Absent: left as it is; at first half of the desired count, 3 to 200.'),
  })
  .meta(
    rules({
      rule: '!self.rollback || self.enable',
      message: `${PATH}.deploymentCircuitBreaker.rollback needs enable`,
      fieldPath: '.rollback',
    }),
  )

const Alarms = z.strictObject({
  alarmNames: z.array(text(255)).max(100).describe('Names of CloudWatch alarms.').meta(asSet),
  enable: z.boolean().describe('Whether a deployment fails when one of them goes off.'),
  rollback: z.boolean().describe('Whether it then goes back to the last deployment that worked.'),
})

const EarlySuccess = z.strictObject({
  enable: z.boolean().describe('Whether a deployment may count as successful before all its tasks are healthy.'),
  healthyPercent: Percent.optional().describe('Percentage of healthy new tasks that is enough.'),
  sourceServiceRevisionCleanup: z
    .enum(['BLOCKING', 'DEFERRED'])
    .optional()
    .describe('Whether the old tasks have to be gone first (BLOCKING) or leave afterwards (DEFERRED).'),
})

export const DeploymentConfiguration = z
  .strictObject({
    strategy: z
      .enum(['ROLLING'])
      .optional()
      .describe('How tasks are replaced. Absent: left as it is; at first ROLLING.'),
    minimumHealthyPercent: Percent.optional().describe(
      'Percentage of the desired count that stays up during a deployment, rounded up. Absent: left as it is; at first 100.',
    ),
    maximumPercent: z
      .int()
      .min(100)
      .max(2147483647)
      .optional()
      .describe(
        'Percentage of the desired count that may be up during a deployment, rounded down. Absent: left as it is; at first 200.',
      ),
    bakeTimeInMinutes: z
      .int()
      .min(0)
      .max(1440)
      .optional()
      .describe('Minutes during which alarms are still watched after the new tasks are up. Absent: left as it is.'),
    deploymentCircuitBreaker: CircuitBreaker.optional().describe(
      'Ends deployments whose tasks keep failing. Absent: left as it is; at first off.',
    ),
    alarms: Alarms.optional().describe('Alarms that end a deployment. Absent: left as they are; at first none.'),
    earlySuccessCriteria: EarlySuccess.optional().describe(
      'When a deployment counts as successful early. Absent: left as it is; at first off.',
    ),
  })
  .meta(
    rules(
      {
        rule: '!has(self.minimumHealthyPercent) || !has(self.maximumPercent) || self.minimumHealthyPercent < self.maximumPercent',
        message: `${PATH}.minimumHealthyPercent must be less than maximumPercent: otherwise ECS may neither stop an old task nor start a new one`,
        fieldPath: '.minimumHealthyPercent',
      },
      {
        rule: '!has(self.earlySuccessCriteria) || !has(self.earlySuccessCriteria.healthyPercent) || !has(self.minimumHealthyPercent) || self.earlySuccessCriteria.healthyPercent >= self.minimumHealthyPercent',
        message: `${PATH}.earlySuccessCriteria.healthyPercent must be at least minimumHealthyPercent`,
        fieldPath: '.earlySuccessCriteria',
      },
    ),
  )

import { stringIn } from '../../core/json.ts'
import type { Trail } from '../../reconciler/resource.ts'
import type { LogGroupStep } from './plan.ts'

const TAGGING = ['logs:TagResource', 'logs:UntagResource']

/** Every call that changes a log group names it, but tagging, which has its ARN (CloudWatch Logs API reference). */
export const logGroupTrail: Trail<LogGroupStep['type']> = {
  causes: {
    create: ['logs:DeleteLogGroup'],
    'set-retention': ['logs:PutRetentionPolicy', 'logs:DeleteRetentionPolicy'],
    adopt: TAGGING,
    release: TAGGING,
    delete: ['logs:CreateLogGroup'],
  },
  isAbout: (parameters, name) =>
    stringIn(parameters, 'logGroupName') === name ||
    stringIn(parameters, 'resourceArn')?.endsWith(`:log-group:${name}`) === true,
}

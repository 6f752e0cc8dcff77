import * as z from 'zod'
import { keyedBy, text } from './text.ts'

const Variable = z.strictObject({
  name: text(512).describe('Name of the variable.'),
  value: z.string().max(32768).optional().describe('Value of the variable. Absent: empty.'),
})

/** Environment variables with their values in plain text. */
export const Environment = z.array(Variable).max(500).meta(keyedBy('name'))

const SecretVariable = z.strictObject({
  name: text(512).describe('Name of the environment variable, or of the option, that receives the secret.'),
  valueFrom: text(2048).describe(
    'ARN of a Secrets Manager secret (with an optional JSON key, version stage and version id), or name or ARN of an SSM parameter.',
  ),
})

/** Values that ECS fetches when a task starts; the operator never sees them. */
export const Secrets = z.array(SecretVariable).max(200).meta(keyedBy('name'))

export const EnvironmentFiles = z.array(
  z.strictObject({
    value: text(2048).describe('ARN of an object in S3 with variables as NAME=VALUE lines; its name ends in .env.'),
    type: z.enum(['s3']).describe('Where the file lies; ECS knows only s3.'),
  }),
)

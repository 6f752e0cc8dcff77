import * as z from 'zod'

const kmsKey = z.string().min(1).max(2048)

const LogConfiguration = z.strictObject({
  cloudWatchLogGroupName: z
    .string()
    .min(1)
    .max(512)
    .optional()
    .describe('Log group that takes the output of commands; it must exist.'),
  cloudWatchEncryptionEnabled: z.boolean().optional().describe('Whether the output in that log group is encrypted.'),
  s3BucketName: z
    .string()
    .min(3)
    .max(63)
    .optional()
    .describe('S3 bucket that takes the output of commands; it must exist.'),
  s3EncryptionEnabled: z.boolean().optional().describe('Whether the output in that bucket is encrypted.'),
  s3KeyPrefix: z.string().min(1).max(1024).optional().describe('Folder in that bucket.'),
})

const ExecuteCommandConfiguration = z
  .strictObject({
    kmsKeyId: kmsKey
      .optional()
      .describe('Id, alias or ARN of the KMS key that encrypts what passes between client and container.'),
    logging: z
      .enum(['NONE', 'DEFAULT', 'OVERRIDE'])
      .optional()
      .describe('Where the output of commands goes: nowhere, to the log of the task, or where logConfiguration says.'),
    logConfiguration: LogConfiguration.optional().describe('Where the output goes, for logging OVERRIDE.'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: "(has(self.logging) && self.logging == 'OVERRIDE') == has(self.logConfiguration)",
        message: 'executeCommandConfiguration.logConfiguration goes with logging OVERRIDE: set both or neither',
      },
    ],
  })

const ManagedStorageConfiguration = z.strictObject({
  kmsKeyId: kmsKey
    .optional()
    .describe('KMS key, in this region only, that encrypts the EBS volumes that ECS attaches to tasks.'),
  fargateEphemeralStorageKmsKeyId: kmsKey
    .optional()
    .describe('KMS key, in this region only, that encrypts the ephemeral storage of Fargate tasks.'),
})

/** ClusterConfiguration of the ECS API. */
export const ClusterConfiguration = z.strictObject({
  executeCommandConfiguration: ExecuteCommandConfiguration.optional().describe(
    'How commands run in containers (ECS Exec).',
  ),
  managedStorageConfiguration: ManagedStorageConfiguration.optional().describe(
    'How the storage that ECS manages is encrypted.',
  ),
})

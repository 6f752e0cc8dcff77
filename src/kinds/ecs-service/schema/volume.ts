import * as z from 'zod'
import { EcsName, rules, text } from './text.ts'

const Port = z.int().min(1).max(65535)

const EfsVolume = z
  .strictObject({
    fileSystemId: text(128)
      .regex(/^(arn:[a-z0-9-]+:elasticfilesystem:.+|fs-[0-9a-f]{8,40})$/)
      .describe('Id of the EFS file system.'),
    rootDirectory: text(4096).optional().describe('Directory of the file system to mount. Absent: its root.'),
    transitEncryption: z.enum(['ENABLED', 'DISABLED']).optional().describe('Encryption in transit. Absent: DISABLED.'),
    transitEncryptionPort: Port.optional().describe('Port for encrypted data. Absent: chosen by the mount helper.'),
    authorizationConfig: z
      .strictObject({
        accessPointId: text(128).optional().describe('EFS access point to use.'),
        iam: z
          .enum(['ENABLED', 'DISABLED'])
          .optional()
          .describe("Whether the task role's rights apply. Absent: DISABLED."),
      })
      .optional()
      .describe('Who may mount the file system.'),
  })
  .meta(
    rules(
      {
        rule: "!has(self.authorizationConfig) || (has(self.transitEncryption) && self.transitEncryption == 'ENABLED')",
        message:
          'spec.taskDefinition.volumes[].efsVolumeConfiguration.transitEncryption must be ENABLED for authorizationConfig',
        fieldPath: '.transitEncryption',
      },
      {
        rule: "!has(self.authorizationConfig) || !has(self.authorizationConfig.accessPointId) || !has(self.rootDirectory) || self.rootDirectory == '/'",
        message:
          'spec.taskDefinition.volumes[].efsVolumeConfiguration.rootDirectory must be left out with an access point, which has its own',
        fieldPath: '.rootDirectory',
      },
    ),
  )

const S3FilesVolume = z.strictObject({
  fileSystemArn: text(2048).describe('ARN of the S3 Files file system.'),
  rootDirectory: text(4096).optional().describe('Directory of the file system to mount. Absent: its root.'),
  transitEncryptionPort: Port.optional().describe('Port for encrypted data. Absent: chosen by the mount helper.'),
  accessPointArn: text(2048).optional().describe('ARN of the access point to use.'),
})

export const Volume = z
  .strictObject({
    name: EcsName.describe('Name by which containers mount the volume.'),
    efsVolumeConfiguration: EfsVolume.optional().describe('A file system in EFS.'),
    s3filesVolumeConfiguration: S3FilesVolume.optional().describe('A file system of S3 Files.'),
    configuredAtLaunch: z
      .boolean()
      .optional()
      .describe('Whether spec.volumeConfigurations says what the volume is. Absent: false.'),
  })
  .meta(
    rules({
      rule: '(has(self.efsVolumeConfiguration) ? 1 : 0) + (has(self.s3filesVolumeConfiguration) ? 1 : 0) + (has(self.configuredAtLaunch) && self.configuredAtLaunch ? 1 : 0) <= 1',
      message:
        'spec.taskDefinition.volumes[] is of one type: efsVolumeConfiguration, s3filesVolumeConfiguration or configuredAtLaunch; without any it is scratch space of the task',
    }),
  )

import * as z from 'zod'
import { TagList } from '../../../reconciler/schema/tags.ts'
import { EcsName, keyedBy, RoleArn, text } from './text.ts'

const EbsVolume = z.strictObject({
  roleArn: RoleArn.describe('Role with which ECS makes and attaches the volumes.'),
  sizeInGiB: z.int().min(1).max(65536).optional().describe('Size in GiB. Absent: that of the snapshot.'),
  volumeType: z
    .enum(['gp2', 'gp3', 'io1', 'io2', 'sc1', 'st1', 'standard'])
    .optional()
    .describe('Type of the volume. Absent: gp3.'),
  iops: z.int().min(100).max(256000).optional().describe('Operations per second.'),
  throughput: z.int().min(1).max(2000).optional().describe('MiB per second, for gp3.'),
  encrypted: z.boolean().optional().describe("Whether the volume is encrypted. Absent: the account's default."),
  kmsKeyId: text(2048).optional().describe('KMS key for it.'),
  snapshotId: text(128).optional().describe('Snapshot that the volume starts from.'),
  volumeInitializationRate: z
    .int()
    .min(100)
    .max(300)
    .optional()
    .describe('MiB per second at which a snapshot is loaded.'),
  filesystemType: z
    .enum(['ext3', 'ext4', 'xfs', 'ntfs'])
    .optional()
    .describe('File system. Absent: xfs; on Windows ntfs.'),
  tagSpecifications: z
    .array(
      z.strictObject({
        resourceType: z.enum(['volume']).describe('What is tagged; ECS knows only volume.'),
        tags: TagList.optional().describe('Tags of the volumes.'),
        propagateTags: z
          .enum(['TASK_DEFINITION', 'SERVICE', 'NONE'])
          .optional()
          .describe('Whose tags the volumes get as well.'),
      }),
    )
    .max(1)
    .optional()
    .describe('Tags of the volumes.')
    .meta(keyedBy('resourceType')),
})

/** What volumes with `configuredAtLaunch` are; AWS takes one a service. */
export const VolumeConfigurations = z
  .array(
    z.strictObject({
      name: EcsName.describe('Name of a volume of the task definition that is configuredAtLaunch.'),
      managedEBSVolume: EbsVolume.describe('An EBS volume for each task.'),
    }),
  )
  .max(1)
  .meta(keyedBy('name'))

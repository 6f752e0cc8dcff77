import * as z from 'zod'

// AWS allows 50 tags on a resource; four of them mark the owner (core/owner.ts).
const MAX_TAGS = 46
// The characters that AWS accepts in tags (Tagging AWS resources, "Tag naming limits and requirements").
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+@-]*$/u

const Tag = z.strictObject({
  key: z.string().min(1).max(128).regex(TAG_TEXT).describe('Key of the tag, unique in the list.'),
  value: z.string().max(256).regex(TAG_TEXT).optional().describe('Value of the tag. Absent: empty.'),
})

/** Tags of a spec, in the form that ECS and ECR share. Tags that others put on the AWS object are left alone. */
export const TagList = z
  .array(Tag)
  .max(MAX_TAGS)
  .meta({
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['key'],
    'x-kubernetes-validations': [
      {
        rule: "self.all(tag, !tag.key.lowerAscii().startsWith('aws:'))",
        message: "tag keys that start with 'aws:' belong to AWS",
      },
      {
        rule: "self.all(tag, !tag.key.startsWith('longshore.dev/'))",
        message: "tag keys that start with 'longshore.dev/' are set by the operator",
      },
    ],
  })
export type TagList = z.infer<typeof TagList>

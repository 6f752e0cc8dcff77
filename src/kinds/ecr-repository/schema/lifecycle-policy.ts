import * as z from 'zod'

// "Lifecycle policy properties in Amazon ECR", ECR user guide: at most four wildcards in a pattern.
const TAG_PATTERN = /^[A-Za-z0-9._-]*(\*[A-Za-z0-9._-]*){0,4}$/
const TAG_PREFIX = /^[A-Za-z0-9_][A-Za-z0-9._-]*$/

const Selection = z
  .strictObject({
    tagStatus: z
      .enum(['tagged', 'untagged', 'any'])
      .describe('Which images the rule looks at, by whether they have tags.'),
    tagPatternList: z
      .array(z.string().min(1).max(300).regex(TAG_PATTERN))
      .min(1)
      .max(100)
      .optional()
      .describe('Patterns of tags, an asterisk for any characters; an image must have a tag for every one of them.'),
    tagPrefixList: z
      .array(z.string().min(1).max(300).regex(TAG_PREFIX))
      .min(1)
      .max(100)
      .optional()
      .describe('Beginnings of tags; an image must have a tag for every one of them.'),
    storageClass: z
      .enum(['standard', 'archive'])
      .optional()
      .describe('Where the images lie that the rule looks at. Absent: standard.'),
    countType: z
      .enum(['imageCountMoreThan', 'sinceImagePushed', 'sinceImagePulled', 'sinceImageTransitioned'])
      .describe('What is counted: images, or days since something happened to them.'),
    countUnit: z.enum(['days']).optional().describe('Unit of countNumber, for every countType but imageCountMoreThan.'),
    countNumber: z.int().min(1).max(2147483647).describe('How many images to keep, or after how many days to act.'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: "self.tagStatus == 'tagged' ? has(self.tagPatternList) != has(self.tagPrefixList) : !has(self.tagPatternList) && !has(self.tagPrefixList)",
        message:
          'selection.tagStatus tagged needs either tagPatternList or tagPrefixList, untagged and any need neither: change the lists',
      },
      {
        rule: "(self.countType == 'imageCountMoreThan') != has(self.countUnit)",
        message: 'selection.countUnit must be days, except for countType imageCountMoreThan, where it is left out',
      },
      {
        rule: "(self.countType == 'sinceImageTransitioned') == (has(self.storageClass) && self.storageClass == 'archive')",
        message:
          'selection.storageClass is archive for countType sinceImageTransitioned, and standard or absent for the others',
      },
    ],
  })

const Action = z
  .strictObject({
    type: z
      .enum(['expire', 'transition'])
      .describe('Whether the images are deleted or moved to another storage class.'),
    targetStorageClass: z.enum(['archive']).optional().describe('Where the images are moved to, for type transition.'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        rule: "(self.type == 'transition') == has(self.targetStorageClass)",
        message: 'action.targetStorageClass must be archive for type transition and absent for type expire',
      },
    ],
  })

const Rule = z
  .strictObject({
    rulePriority: z.int().min(1).max(2147483647).describe('Place in the order of the rules, lowest first; unique.'),
    description: z.string().max(256).optional().describe('What the rule is for.'),
    selection: Selection.describe('Which images the rule is about.'),
    action: Action.describe('What happens to them.'),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        // Count type in the same page: images are archived by their last pull, and expire by how long they were archived.
        rule: "self.action.type == 'transition' ? self.selection.countType != 'sinceImageTransitioned' : self.selection.countType != 'sinceImagePulled'",
        message:
          'countType sinceImagePulled goes with action.type transition only, sinceImageTransitioned with expire only: change one of them',
      },
    ],
  })

/** A lifecycle policy in ECR's own words. */
export const LifecyclePolicy = z
  .strictObject({
    rules: z
      .array(Rule)
      .max(50)
      .describe('The rules. An image is subject to the first rule that selects it.')
      .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['rulePriority'] }),
  })
  .meta({
    'x-kubernetes-validations': [
      {
        // One rule for each storage class may select any image.
        rule: "self.rules.all(last, last.selection.tagStatus != 'any' || self.rules.all(other, other.rulePriority <= last.rulePriority || (other.selection.countType == 'sinceImageTransitioned') != (last.selection.countType == 'sinceImageTransitioned')))",
        message: 'a rule of spec.lifecyclePolicy with tagStatus any must have the highest rulePriority: raise it',
      },
    ],
  })
export type LifecyclePolicy = z.infer<typeof LifecyclePolicy>

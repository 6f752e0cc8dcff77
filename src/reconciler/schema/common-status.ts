import * as z from 'zod'

/**
 * `status.observedGeneration` of an object that the operator has not seen, given by the CRD. kstatus calls an object without any
 * status *Current*: `helm install --wait` and Flux would not wait for it. Flux's own kinds have the same default.
 */
export const UNSEEN_GENERATION = -1

const time = z.iso.datetime()

const Condition = z.strictObject({
  type: z.string().max(316).describe('Ready, Reconciling, Stalled, Available or Drifted.'),
  status: z.enum(['True', 'False', 'Unknown']).describe('Whether the condition holds.'),
  reason: z.string().max(1024).describe('Why, as one CamelCase word from a closed list.'),
  message: z.string().max(32768).describe('Why, in a sentence for people.'),
  lastTransitionTime: time.describe('When the status of the condition last changed.'),
  observedGeneration: z.int().min(0).describe('Generation of the spec that the condition is about.'),
})

const InventoryEntry = z.strictObject({
  name: z.string().describe('Name of the part of this object that the AWS object stands for.'),
  type: z.string().describe('Type of the AWS object.'),
  id: z.string().describe('What AWS finds the object by.'),
  origin: z
    .enum(['Created', 'Adopting', 'Adopted'])
    .describe('Whether the operator made it, is about to take it over, or took it over.'),
  retain: z.boolean().describe('Whether it stays in AWS when this object is deleted.'),
  dependsOn: z.array(z.string()).describe('Names of the entries that must outlive this one.'),
  memo: z.record(z.string(), z.string()).describe('Small facts that the operator remembers about it.'),
  createdAt: time.describe('When the entry was first recorded.'),
  writtenAt: time.optional().describe('When the operator last tried to create it.'),
})

const HeldStep = z.strictObject({
  resource: z.string().describe('Name of the part of this object that would change.'),
  id: z.string().describe('What AWS finds it by.'),
  effect: z.enum(['create', 'change', 'delete']).describe('What would happen to it.'),
  summary: z.string().describe('What would be done, in a few words.'),
})

/**
 * The part of the status that every kind has; its own fields stand beside these. Lists carry no maximum: a record of
 * what may exist in AWS must never be refused.
 */
export const CommonStatus = z.strictObject({
  observedGeneration: z
    .int()
    .min(UNSEEN_GENERATION)
    .optional()
    .describe('The newest generation of the spec that the operator has seen; -1: none.'),
  reconciledGeneration: z
    .int()
    .min(0)
    .optional()
    .describe('The newest generation of the spec that AWS was seen to match.'),
  conditions: z
    .array(Condition)
    .optional()
    .describe('Where the object stands; Ready is always among them.')
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['type'] }),
  accountId: z.string().optional().describe('The AWS account, pinned at the first write.'),
  region: z.string().optional().describe('The AWS region, pinned at the first write.'),
  inventory: z
    .array(InventoryEntry)
    .optional()
    .describe('Every AWS object that may exist because of this object; deletion works from it alone.'),
  plan: z
    .array(HeldStep)
    .optional()
    .describe(
      'What the operator would do in AWS but holds back, because the object asks to be observed, reported or adopted.',
    ),
  waitingFor: z
    .strictObject({
      message: z.string().describe('What the operator waits for, in a sentence.'),
      since: time.describe('Since when.'),
    })
    .optional()
    .describe('What the operator waits for at the moment.'),
  lastHandledReconcileAt: z
    .string()
    .optional()
    .describe(
      'The annotation longshore.dev/reconcile-at of the last look that somebody asked for: once it is here, that look is through.',
    ),
})

import * as z from 'zod'

// RFC 1123 subdomain, the form of Kubernetes object names.
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
// RFC 1123 label, the form of namespaces.
const NAMESPACE = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/

/** A reference to another object of ours, as specs carry it (`clusterRef`). */
export const ObjectReference = z.strictObject({
  name: z.string().min(1).max(253).regex(OBJECT_NAME).describe('Name of the object.'),
  namespace: z
    .string()
    .min(1)
    .max(63)
    .regex(NAMESPACE)
    .optional()
    .describe('Namespace of the object. Absent: the namespace of the object that refers to it.'),
})
export type ObjectReference = z.infer<typeof ObjectReference>

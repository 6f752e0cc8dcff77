import * as z from 'zod'

/** An object that only the API server knows in full. */
export const freeForm = z.record(z.string(), z.unknown())

/** Labels or annotations. */
export const texts = z.record(z.string(), z.string())

/** Amounts by the name of the resource, as Kubernetes writes them. */
export const quantities = z.record(
  z.string(),
  z.union([z.string().regex(/^\d+(\.\d+)?([EPTGMk]i?|m|[eE][+-]?\d+)?$/), z.number().min(0)]),
)

/** A number of pods, or a percentage of them. */
export const podCount = z.union([z.int().min(0), z.string().regex(/^\d{1,3}%$/)])

/** One of the forms of a NetworkPolicyPeer. */
export const peer = z.strictObject({
  ipBlock: z.strictObject({ cidr: z.string().min(1), except: z.array(z.string()).optional() }).optional(),
  namespaceSelector: freeForm.optional(),
  podSelector: freeForm.optional(),
})

/** A port of TCP. */
export const port = z.int().min(1).max(65535)

/** A span of time as Prometheus writes it. */
export const span = z.string().regex(/^(\d+(ms|s|m|h|d|w|y))+$/)

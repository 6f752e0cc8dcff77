/** What stands in front of a step: what it does to the AWS object. */
export const SIGNS = { create: '+', change: '~', delete: '-' } as const

/** IAM actions (`ecs:Describe*`) that an access key may use; `*` stands for every key that is not named. Absent: all. */
export type Permissions = Readonly<Record<string, readonly string[]>>

/** Actions that need no permission; source: "GetCallerIdentity", STS API reference. */
const ALWAYS_ALLOWED = new Set(['sts:GetCallerIdentity'])

export function isAllowed(permissions: Permissions, accessKeyId: string, action: string): boolean {
  const allowed = permissions[accessKeyId] ?? permissions['*']
  if (!allowed || ALWAYS_ALLOWED.has(action)) return true
  return allowed.some((pattern) => patternFor(pattern).test(action))
}

function patternFor(pattern: string): RegExp {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.*')
  return new RegExp(`^${escaped}$`)
}

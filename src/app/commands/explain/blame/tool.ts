import type { TrailEvent } from '../../../../aws/trail-event.ts'

/** What a call was made with, by what it says of itself. */
export type Tool =
  /** An operator of ours, for one of its objects. */
  | { readonly type: 'longshore'; readonly kind: string; readonly namespace: string; readonly name: string }
  /** `the console`, `AWS CLI 2.9.8`, `cloudformation.amazonaws.com`. */
  | { readonly type: 'other'; readonly words: string }

/** The operator names its object in the user agent of every call that it makes for it. */
const MENTION = /\blongshore-object\/([^/\s]+)\/([^/\s]*)\/([^/\s]+)/

export function toolOf(event: Pick<TrailEvent, 'userAgent' | 'isConsoleSession' | 'principal'>): Tool {
  const [, kind, namespace = '', name] = MENTION.exec(event.userAgent) ?? []
  if (kind !== undefined && name !== undefined) return { type: 'longshore', kind, namespace, name }
  return { type: 'other', words: wordsFor(event) }
}

// User agents as in "CloudTrail record contents", AWS CloudTrail User Guide; those of tools as they present themselves.
const CONSOLE = /^(console|signin)\.amazonaws\.com$/
const TOOLS: readonly (readonly [RegExp, string])[] = [
  [/\bTerraform\/(\S+)/, 'Terraform'],
  [/\bOpenTofu\/(\S+)/, 'OpenTofu'],
  [/\bPulumi\/(\S+)/, 'Pulumi'],
  [/\baws-cdk\/(\S+)/i, 'AWS CDK'],
  [/^aws-cli\/(\S+)/, 'AWS CLI'],
  [/\bBoto3\/(\S+)/, 'Boto3'],
]

function wordsFor({ userAgent, isConsoleSession, principal }: Parameters<typeof toolOf>[0]): string {
  if (principal.invokedBy !== undefined) return principal.invokedBy
  if (isConsoleSession || CONSOLE.test(userAgent)) return 'the console'
  for (const [pattern, name] of TOOLS) {
    const version = pattern.exec(userAgent)?.[1]
    if (version !== undefined) return `${name} ${version}`
  }
  return userAgent.split(' ', 1)[0] || 'something that does not say its name'
}

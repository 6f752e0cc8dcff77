import type { Reason } from '../../../core/conditions.ts'

/** What a person can do about a reason, or that there is nothing to do; undefined: the condition's message says it all. */
export function adviceFor(
  reason: Reason,
  { kind, name }: { readonly kind: string; readonly name: string },
): string | undefined {
  const object = `${kind.toLowerCase()}/${name}`
  switch (reason) {
    case 'InSync':
    case 'MinimumRunning':
    case 'NotEnoughRunning':
      return undefined
    case 'Acknowledged':
    case 'Applying':
    case 'Settling':
    case 'Creating':
    case 'Updating':
    case 'Deleting':
    case 'Draining':
    case 'RollingOut':
    case 'Busy':
      return 'Nothing: this takes its time, and the operator looks again by itself.'
    case 'WaitingForReference':
      return 'Apply what it refers to, or see why that has nothing to offer yet: longshore explain on the reference.'
    case 'InUse':
      return 'Remove what still uses it; the operator goes on by itself.'
    case 'NotEmpty':
      return 'Empty it, or allow in the spec that deletion takes the content with it (forceDelete).'
    case 'Throttled':
    case 'WaitingForAwsRate':
      return "Nothing: AWS's request limits hold it up. If it lasts, see who else calls AWS in this account and region."
    case 'AwsUnavailable':
      return 'Nothing, if it passes. If it lasts: the AWS endpoint, the network policy of the operator, the AWS health page.'
    case 'KubernetesUnavailable':
      return 'Nothing, if it passes. If it lasts, see how the API server is.'
    case 'InvalidSpec':
      return 'Correct the field that the message names, and apply again.'
    case 'RefusedByAws':
      return 'Correct what AWS refuses, and apply again; the operator does not repeat a call that AWS called invalid.'
    case 'ImmutableField':
      return 'Set the field back, or make another object: AWS cannot change this in place.'
    case 'ForeignResource':
      return `Choose another name, or take over what is there: kubectl annotate ${object} longshore.dev/adopt=true`
    case 'AccessDenied':
      return "Allow the action that the message names in the operator's IAM policy (charts/longshore/files/iam-policy.json lists all)."
    case 'CredentialsInvalid':
      return 'Give the operator valid AWS credentials; it goes on by itself.'
    case 'WrongAccount':
      return 'Give the operator credentials of the account that status names, or make the object anew for another account.'
    case 'LimitExceeded':
      return 'Ask AWS for a higher quota, or remove something that counts against it.'
    case 'RolledBack':
    case 'RolloutFailed':
      return 'Correct the template and apply it, or try the same once more with the annotation that the message names.'
    case 'RolloutStalled':
      return 'See why tasks do not start (the events of the service), then correct the template.'
    case 'UnexpectedError':
      return 'This is a bug, here or in AWS: the log of the operator has more.'
    case 'Paused':
      return `Let it go on: kubectl annotate ${object} longshore.dev/paused-`
    case 'ObserveOnly':
      return `Let the operator do what it holds back: kubectl annotate ${object} longshore.dev/mode-`
    case 'Drifted':
      return `Let the operator repair it: kubectl annotate --overwrite ${object} longshore.dev/drift=Repair`
    case 'AdoptionPending':
      return `Make the spec say what AWS has, or accept the steps: kubectl annotate --overwrite ${object} longshore.dev/adopt=accept`
  }
}

import type { Reason } from '../../../core/conditions.ts'

const PATIENCE = 'Nothing: this takes its time, and the operator looks again by itself.'
const PACE = "Nothing: AWS's request limits hold it up. If it lasts, see who else calls AWS in this account and region."
const TEMPLATE =
  'Correct the template and apply it, or try the same once more: kubectl annotate --overwrite OBJECT ANNOTATION'

/** OBJECT stands for `ecsservice/hello`, ANNOTATION for the one that the message names; undefined: the condition's message says it all. */
const ADVICE: Readonly<Record<Reason, string | undefined>> = {
  InSync: undefined,
  MinimumRunning: undefined,
  NotEnoughRunning: undefined,
  Acknowledged: PATIENCE,
  Applying: PATIENCE,
  Settling: PATIENCE,
  Creating: PATIENCE,
  Updating: PATIENCE,
  Deleting: PATIENCE,
  Draining: PATIENCE,
  RollingOut: PATIENCE,
  RollingBack: 'Correct the template and apply it now, or once ECS is back at what ran before.',
  Busy: PATIENCE,
  WaitingForReference:
    'Apply what it refers to, or see why that has nothing to offer yet: longshore explain on the reference.',
  InUse: 'Remove what still uses it; the operator goes on by itself.',
  NotEmpty: 'Empty it, or allow in the spec that deletion takes the content with it (forceDelete).',
  Throttled: PACE,
  WaitingForAwsRate: PACE,
  AwsUnavailable:
    'Nothing, if it passes. If it lasts: the AWS endpoint, the network policy of the operator, the AWS health page.',
  KubernetesUnavailable: 'Nothing, if it passes. If it lasts, see how the API server is.',
  InvalidSpec: 'Correct the field that the message names, and apply again.',
  RefusedByAws:
    'Correct what AWS refuses, and apply again; the operator does not repeat a call that AWS called invalid.',
  ImmutableField: 'Set the field back, or make another object: AWS cannot change this in place.',
  ForeignResource: 'Choose another name, or take over what is there: kubectl annotate OBJECT longshore.dev/adopt=true',
  AccessDenied:
    "Allow the action that the message names in the operator's IAM policy (charts/longshore/files/iam-policy.json lists all).",
  CredentialsInvalid: 'Give the operator valid AWS credentials; it goes on by itself.',
  WrongAccount:
    'Give the operator credentials of the account that the message names, or make the object anew for another account.',
  LimitExceeded: 'Ask AWS for a higher quota, or remove something that counts against it.',
  RolledBack: TEMPLATE,
  RolloutFailed: TEMPLATE,
  RolloutStalled: 'See why tasks do not start (the events of the service), then correct the template.',
  UnknownResource:
    'Run the version of the operator that made it, or a newer one. To leave it in AWS for good, take its entry out of status.inventory: kubectl edit --subresource=status OBJECT',
  UnexpectedError: 'This is a bug, here or in AWS: the log of the operator has more.',
  Paused: 'Let it go on: kubectl annotate OBJECT longshore.dev/paused-',
  ObserveOnly: 'Let the operator do what it holds back: kubectl annotate OBJECT longshore.dev/mode-',
  Drifted: 'Let the operator repair it: kubectl annotate --overwrite OBJECT longshore.dev/drift=Repair',
  AdoptionPending:
    'Make the spec say what AWS has, or accept the steps: kubectl annotate --overwrite OBJECT longshore.dev/adopt=accept',
}

/** What a person can do about a reason, or that there is nothing to do; undefined: the condition's message says it all. */
export function adviceFor(
  { reason, message }: { readonly reason: Reason; readonly message: string },
  { kind, name }: { readonly kind: string; readonly name: string },
): string | undefined {
  const [, annotation = '', value = ''] = NAMED_ANNOTATION.exec(message) ?? []
  return ADVICE[reason]
    ?.replace('OBJECT', `${kind.toLowerCase()}/${name}`)
    .replace('ANNOTATION', `${annotation}=${value}`)
}

/** Messages name an annotation that helps as it stands in a manifest. */
const NAMED_ANNOTATION = /(longshore\.dev\/[a-z-]+): (\S+)$/

export type Protocol = 'json-1.0' | 'json-1.1' | 'rest-json' | 'query' | 'ec2-query'

/** How one AWS service talks; from the service's model, except where said. */
export interface Wire {
  readonly protocol: Protocol
  /** RPC protocols: what stands before the operation in `X-Amz-Target`. */
  readonly targetPrefix?: string
  /** Query protocols: namespace of the answer's root element. */
  readonly xmlNamespace?: string
  /** Moved from Query to JSON: errors carry their old code in `x-amzn-query-error`. */
  readonly isQueryCompatible?: true
  /** The code with which the service refuses an input that breaks its model. */
  readonly invalidInputCode: string
  /** Operations that callers without credentials use; they have no signing scope to route by. */
  readonly unsignedOperations?: readonly string[]
}

/** By signing name. A service that is not here is answered with an error that says so. */
export const WIRES: Readonly<Record<string, Wire>> = {
  ecs: {
    protocol: 'json-1.1',
    targetPrefix: 'AmazonEC2ContainerServiceV20141113',
    invalidInputCode: 'InvalidParameterException',
  },
  ecr: {
    protocol: 'json-1.1',
    targetPrefix: 'AmazonEC2ContainerRegistry_V20150921',
    invalidInputCode: 'InvalidParameterException',
  },
  logs: { protocol: 'json-1.1', targetPrefix: 'Logs_20140328', invalidInputCode: 'InvalidParameterException' },
  cloudtrail: {
    protocol: 'json-1.1',
    targetPrefix: 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101',
    invalidInputCode: 'ValidationException',
  },
  sqs: {
    protocol: 'json-1.0',
    targetPrefix: 'AmazonSQS',
    isQueryCompatible: true,
    invalidInputCode: 'InvalidParameterValue',
  },
  eks: { protocol: 'rest-json', invalidInputCode: 'InvalidParameterException' },
  ec2: {
    protocol: 'ec2-query',
    xmlNamespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
    invalidInputCode: 'InvalidParameterValue',
  },
  sts: {
    protocol: 'query',
    xmlNamespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    invalidInputCode: 'ValidationError',
    unsignedOperations: ['AssumeRoleWithWebIdentity', 'AssumeRoleWithSAML'],
  },
}

import { AwsFault } from '../../service.ts'

/** InvalidParameterException: a member is malformed, out of range or contradicts another. */
export const invalidParameter = (message: string): AwsFault => new AwsFault('InvalidParameterException', message)

/** ClientException: the request names something that is not there, or cannot be registered. */
export const clientFault = (message: string): AwsFault => new AwsFault('ClientException', message)

export const clusterNotFound = (message = 'Cluster not found.'): AwsFault =>
  new AwsFault('ClusterNotFoundException', message)

export const serviceNotFound = (): AwsFault => new AwsFault('ServiceNotFoundException', 'Service not found.')

/** Valid in AWS, absent from this model: said aloud and as final as an operation that is missing as a whole. */
export const notModelled = (what: string): AwsFault =>
  new AwsFault('UnsupportedBySimulator', `the AWS simulator does not model ECS ${what}`, {}, 501)

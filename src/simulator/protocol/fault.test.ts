import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as ec2 from '@aws-sdk/client-ec2'
import * as ecs from '@aws-sdk/client-ecs'
import * as eks from '@aws-sdk/client-eks'
import * as sqs from '@aws-sdk/client-sqs'
import * as sts from '@aws-sdk/client-sts'
import { createRequestHandler } from '../../../test/support/aws.ts'
import { createManualClock } from '../clock.ts'
import { AwsFault, type AnyService } from '../service.ts'
import { createSimulator, type Simulator } from '../simulator.ts'

/** A service whose every operation ends with one fault. */
function refusing(
  id: string,
  schemas: Readonly<Record<string, unknown>>,
  operation: string,
  fault: AwsFault,
): Simulator {
  const handler = (): never => {
    throw fault
  }
  const service: AnyService = { id, schemas, createState: () => ({}), operations: { [operation]: handler } }
  return createSimulator({ clock: createManualClock(), services: [service] })
}

function configFor(simulator: Simulator) {
  return {
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'x' },
    requestHandler: createRequestHandler(simulator),
    maxAttempts: 1,
  }
}

test('JSON 1.1 errors arrive as the typed error, with message and members', async () => {
  const fault = new AwsFault('ConflictException', 'token used', { resourceIds: ['task-1'] })
  const client = new ecs.ECSClient(configFor(refusing('ecs', ecs, 'RunTask', fault)))

  const error: unknown = await client
    .send(new ecs.RunTaskCommand({ taskDefinition: 'a' }))
    .catch((refusal: unknown) => refusal)

  assert.ok(error instanceof ecs.ConflictException)
  assert.deepEqual([error.message, error.resourceIds, error.$metadata.httpStatusCode], ['token used', ['task-1'], 400])
  assert.match(error.$metadata.requestId ?? '', /^[0-9a-f-]{36}$/)
})

test('REST-JSON errors arrive as the typed error with the status of the model', async () => {
  const fault = new AwsFault('ResourceNotFoundException', 'No cluster found for name: x.', { clusterName: 'x' })
  const client = new eks.EKSClient(configFor(refusing('eks', eks, 'DescribeCluster', fault)))

  const error: unknown = await client
    .send(new eks.DescribeClusterCommand({ name: 'x' }))
    .catch((refusal: unknown) => refusal)

  assert.ok(error instanceof eks.ResourceNotFoundException)
  assert.deepEqual([error.message, error.clusterName, error.$metadata.httpStatusCode], [fault.message, 'x', 404])
})

test('JSON 1.0 errors of a service that once spoke Query carry their old code as well', async () => {
  const simulator = refusing('sqs', sqs, 'GetQueueUrl', new AwsFault('QueueDoesNotExist', 'no such queue'))
  const client = new sqs.SQSClient(configFor(simulator))

  const error: unknown = await client
    .send(new sqs.GetQueueUrlCommand({ QueueName: 'q' }))
    .catch((refusal: unknown) => refusal)

  assert.ok(error instanceof sqs.QueueDoesNotExist)
  assert.equal(Reflect.get(Reflect.get(error, 'Error') ?? {}, 'Code'), 'AWS.SimpleQueueService.NonExistentQueue')
})

test('Query errors arrive as the typed error under the code of the model', async () => {
  const fault = new AwsFault('ExpiredTokenException', 'expired <long> ago')
  const client = new sts.STSClient(configFor(refusing('sts', sts, 'AssumeRole', fault)))

  const error: unknown = await client
    .send(new sts.AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/long-enough', RoleSessionName: 'me' }))
    .catch((refusal: unknown) => refusal)

  assert.ok(error instanceof sts.ExpiredTokenException)
  assert.equal(error.message, 'expired <long> ago')
})

test('EC2 errors arrive with their code, message and status', async () => {
  const fault = new AwsFault('InvalidVpcID.NotFound', "The vpc ID 'vpc-1' does not exist")
  const client = new ec2.EC2Client(configFor(refusing('ec2', ec2, 'DescribeVpcs', fault)))

  await assert.rejects(client.send(new ec2.DescribeVpcsCommand({})), {
    name: 'InvalidVpcID.NotFound',
    message: fault.message,
  })
})

test('codes that no model has keep their name, and a status that is given wins', async () => {
  const client = new ecs.ECSClient(configFor(refusing('ecs', ecs, 'ListClusters', new AwsFault('Odd', 'odd', {}, 409))))

  const error: unknown = await client.send(new ecs.ListClustersCommand({})).catch((refusal: unknown) => refusal)

  assert.ok(error instanceof ecs.ECSServiceException)
  assert.deepEqual([error.name, error.$metadata.httpStatusCode], ['Odd', 409])
})

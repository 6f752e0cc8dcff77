import { THROTTLE_CLASSES, type ThrottleClass } from '../../../src/simulator/throttle-classes.ts'
import { TEST_REGION, type TestAws } from '../aws.ts'

/** Where requests of these services go, and a call of each throttling class that the operator's services need. */
const CALLED = {
  ecs: {
    target: 'AmazonEC2ContainerServiceV20141113',
    operations: [
      'UpdateService',
      'DescribeServices',
      'ListServiceDeployments',
      'DescribeServiceRevisions',
      'RegisterTaskDefinition',
      'DescribeTaskDefinition',
      'DescribeClusters',
      'DescribeTasks',
    ],
  },
  logs: {
    target: 'Logs_20140328',
    operations: ['CreateLogGroup', 'DescribeLogGroups', 'PutRetentionPolicy', 'ListTagsForResource'],
  },
} as const

type Service = keyof typeof CALLED

/**
 * Somebody else in the account who calls ECS and CloudWatch Logs: this part of every bucket at once, again and again as
 * soon as that much has come back, so that it takes the same part of the sustained rate. Answers how to stop it.
 */
export function startNeighbour(aws: TestAws, part: number): () => void {
  const stops = [...drawersOf(aws, 'ecs', part), ...drawersOf(aws, 'logs', part)]
  return () => stops.forEach((stop) => stop())
}

function drawersOf({ clock, simulator, accountId }: TestAws, service: Service, part: number) {
  return CALLED[service].operations.map((operation) => {
    const request = requestOf(service, operation, accountId)
    const { burst, perSecond } = limitOf(service, operation)
    let stop = (): void => {}
    const draw = (): void => {
      for (let call = 0; call < burst * part; call++) void simulator.handle(request)
      stop = clock.schedule(burst / perSecond, draw)
    }
    draw()
    return () => stop()
  })
}

function limitOf(service: Service, operation: string): ThrottleClass {
  const limit = THROTTLE_CLASSES[service]?.find(({ operations }) => operations.includes(operation))
  if (limit === undefined) throw new Error(`no rate is published for ${service}:${operation}`)
  return limit
}

/** Draws on the bucket and then fails: AWS looks at the rate before the input. */
function requestOf(service: Service, operation: string, accountId: string) {
  const scope = `AKIA${accountId}NEIGHBOUR/20260101/${TEST_REGION}/${service}/aws4_request`
  return {
    method: 'POST',
    path: '/',
    query: {},
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-date': '20260101T000000Z',
      'x-amz-target': `${CALLED[service].target}.${operation}`,
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`,
    },
    body: Buffer.from('{}'),
  }
}

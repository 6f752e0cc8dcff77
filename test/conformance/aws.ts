import { createSession, type AwsSession } from '../../src/aws/session.ts'
import { createRequestHandler, createTestAws, TEST_REGION, type TestAws } from '../support/aws.ts'
import type { LoggedCall } from '../../src/simulator/call-log.ts'
import type { FaultRule } from '../../src/simulator/faults.ts'
import type { HttpRequest } from '../../src/simulator/protocol/http.ts'
import { createMetricsRecorder } from '../support/recorders.ts'

/** What the suite asks of simulated AWS. */
export interface ConformanceAws extends Pick<
  TestAws,
  'clock' | 'accountId' | 'region' | 'session' | 'requestHandler' | 'advance' | 'drive'
> {
  /** Every call that was meant to change something, in order. */
  writes(): readonly string[]
  /** Counts of live things by service and noun; nothing live: empty. */
  live(): Readonly<Record<string, number>>
  dump(): unknown
  /** Everything in AWS is gone. */
  reset(): void
  /** The operator's credentials may do this and nothing else; those of tests, which play other people, may do everything. */
  allowOnly(actions: readonly string[]): void
  /** IAM actions of the calls that the operator was allowed to make. */
  readonly usedActions: () => ReadonlySet<string>
  /** Loses the answer of, or throttles, calls to come. */
  fault(rule: FaultRule): void
  /** Ports whose writes go through `around`, as those of one operator process. */
  sessionThrough(around: Around): AwsSession
}

/** Wraps one write; may keep it from happening, or from answering. */
export type Around = <T>(call: () => Promise<T>) => Promise<T>

const READS = /^(Describe|List|Get|BatchGet|Filter)/

export function createConformanceAws(): ConformanceAws {
  const aws = createTestAws()
  const { simulator } = aws
  const operatorKey = `AKIA${aws.accountId}OPERATOR`
  return {
    ...aws,
    writes: () =>
      simulator.log
        .calls()
        .filter(({ operation }) => !READS.test(operation))
        .map(
          ({ service, operation, errorCode }) =>
            `${service}:${operation}${errorCode === undefined ? '' : ` (${errorCode})`}`,
        ),
    live: () => Object.fromEntries(counted(simulator.countLive())),
    dump: () => simulator.dump(),
    reset: () => simulator.reset(),
    allowOnly: (actions) => simulator.setPermissions({ [operatorKey]: actions }),
    usedActions: () => new Set(simulator.log.calls().flatMap((call) => actionOf(call, operatorKey))),
    fault: (rule) => void simulator.faults.add(rule),
    sessionThrough: (around) =>
      createSession({
        region: TEST_REGION,
        clock: aws.clock,
        metrics: createMetricsRecorder(),
        credentials: { accessKeyId: operatorKey, secretAccessKey: 'simulated' },
        requestHandler: createRequestHandler({
          handle: (request) => (isRead(request) ? simulator.handle(request) : around(() => simulator.handle(request))),
        }),
      }),
  }
}

function actionOf({ accessKeyId, service, operation, errorCode = '' }: LoggedCall, key: string): readonly string[] {
  return accessKeyId === key && !errorCode.startsWith('AccessDenied') ? [`${service}:${operation}`] : []
}

/** A crash around a read is a crash before the next write. */
function isRead({ headers }: HttpRequest): boolean {
  const [, operation = ''] = (headers['x-amz-target'] ?? '').split('.')
  return READS.test(operation)
}

function counted(
  live: Readonly<Record<string, Readonly<Record<string, number>>>>,
): readonly (readonly [string, number])[] {
  return Object.entries(live).flatMap(([service, nouns]) =>
    Object.entries(nouns)
      .filter(([, count]) => count > 0)
      .map(([noun, count]) => [`${service} ${noun}`, count] as const),
  )
}

import { createSession, type AwsSession } from '../../src/aws/session.ts'
import { createRequestHandler, createTestAws, TEST_REGION, type TestAws } from '../support/aws.ts'
import { createDirectCouriers } from '../support/direct-couriers.ts'
import type { LoggedCall } from '../../src/simulator/call-log.ts'
import type { FaultRule } from '../../src/simulator/faults.ts'
import type { HttpRequest } from '../../src/simulator/protocol/http.ts'
import type { ImageBehaviour } from '../../src/simulator/service.ts'
import { createMetricsRecorder } from '../support/recorders.ts'

/** What the suite asks of simulated AWS. */
export interface ConformanceAws extends Pick<
  TestAws,
  'clock' | 'accountId' | 'region' | 'session' | 'requestHandler' | 'advance' | 'drive'
> {
  /** Every call that was meant to change something, in order. */
  writes(): readonly string[]
  /** User agents of all calls: what CloudTrail shows to many. */
  userAgents(): readonly string[]
  /** Number of calls so far, whoever made them. */
  callCount(): number
  /** Counts of live things by service and noun; nothing live: empty. */
  live(): Readonly<Record<string, number>>
  dump(): unknown
  /** Everything in AWS is gone. */
  reset(): void
  /** The operator's credentials may do this and nothing else; those of tests, which play other people, may do everything. */
  allowOnly(actions: readonly string[]): void
  /** IAM actions of the calls that the operator was allowed to make. */
  readonly usedActions: () => ReadonlySet<string>
  /** Loses the answers of, throttles, blinds … calls of the operator to come. */
  fault(rule: FaultRule): void
  clearFaults(): void
  /** How images behave, by name. */
  setImages(images: Readonly<Record<string, ImageBehaviour>>): void
  /** Ports whose writes go through `around`, as those of one operator process. */
  sessionThrough(around: Around): AwsSession
}

/** Wraps one write; may keep it from happening, or from answering. */
export type Around = <T>(call: () => Promise<T>) => Promise<T>

const READS = /^(Describe|List|Get|BatchGet|Filter|Lookup)/

/** What the operator signs with: must never show in anything that it says. */
export const SECRET_KEY = 'SECRETmustNeverShow0123456789abcdef'

/** How the operator's calls travel: as HTTP requests through the SDK, or past all that, which takes a fraction of the time. */
export type Carriage = 'wire' | 'direct'

/** Images whose name ends in `:bad` cannot be pulled. */
export function createConformanceAws(carriage: Carriage = 'direct'): ConformanceAws {
  const aws = createTestAws({ scenario: { images: { 'conformance:bad': { type: 'cannot-pull' } } } })
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
    userAgents: () => simulator.log.calls().map(({ userAgent }) => userAgent),
    callCount: () => Object.values(simulator.log.counts()).reduce((sum, count) => sum + count, 0),
    fault: (rule) => void simulator.faults.add({ accessKeyId: operatorKey, ...rule }),
    clearFaults: () => simulator.faults.clear(),
    setImages: (images) => simulator.setScenario({ images }),
    sessionThrough: (around) =>
      createSession({
        region: TEST_REGION,
        clock: aws.clock,
        metrics: createMetricsRecorder(),
        credentials: { accessKeyId: operatorKey, secretAccessKey: SECRET_KEY },
        requestHandler: createRequestHandler({
          handle: (request) => (isRead(request) ? simulator.handle(request) : around(() => simulator.handle(request))),
        }),
        ...(carriage === 'direct' && {
          couriers: createDirectCouriers(
            {
              invoke: (call) =>
                READS.test(call.operation) ? simulator.invoke(call) : around(() => simulator.invoke(call)),
            },
            { accessKeyId: operatorKey, region: TEST_REGION },
          ),
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

import {
  CloudTrailClient,
  LookupEventsCommand,
  type ServiceInputTypes as TrailInput,
  type ServiceOutputTypes as TrailOutput,
} from '@aws-sdk/client-cloudtrail'
import { Failure } from '../core/failure.ts'
import type { Clock } from '../core/ports.ts'
import { uncounted } from '../core/silence.ts'
import { clientConfigFrom, type ClientOptions } from './client-config.ts'
import { openCourier, type Courier } from './courier.ts'
import { createPace, type Claimant } from './pace.ts'
import { createSend, awsCallsCounter, type SendTo } from './send.ts'
import { trailEventFrom, type TrailEvent } from './trail-event.ts'

/** Which events are wanted. */
export interface TrailQuery {
  /** `UpdateService`, of whatever service. */
  readonly eventName: string
  /** Of the page before. */
  readonly nextToken?: string | undefined
}

export interface TrailPage {
  /** Newest first; at most 50. */
  readonly events: readonly TrailEvent[]
  /** Undefined: there is nothing older. */
  readonly nextToken: string | undefined
}

/**
 * The event history of CloudTrail in one account and region: management events of the last 90 days, reads among them, some
 * minutes late (AWS CloudTrail API reference, LookupEvents; user guide, "Working with CloudTrail event history").
 */
export interface TrailPort {
  /** One page. Waits for its turn, for AWS answers two lookups a second. Throws `Failure`. */
  readonly lookUp: (query: TrailQuery, signal: AbortSignal) => Promise<TrailPage>
}

export interface TrailOptions extends ClientOptions {
  readonly clock: Clock
  /** Absent: calls go by the SDK's client, opened with the settings above. */
  readonly courier?: Courier | undefined
}

const DEADLINE_SECONDS = 30
/** A person waits for all of them, whatever else goes on in the account. */
const LOOKER: Claimant = {
  key: 'lookups',
  namespace: '',
  urgency: 'change',
  owner: undefined,
  patienceSeconds: DEADLINE_SECONDS,
}

/** Opens the port. Apart from the session: the operator has no use for it, so that nothing of it is loaded there. */
export function openTrail({ courier, ...options }: TrailOptions): TrailPort {
  const { clock } = options
  const send = createSend<TrailInput, TrailOutput>(
    'cloudtrail',
    courier ?? openCourier(new CloudTrailClient(clientConfigFrom(options)), clock),
    {
      clock,
      calls: awsCallsCounter(uncounted),
      deadlineSeconds: DEADLINE_SECONDS,
      pace: createPace({ clock, metrics: uncounted, share: 1 }),
      claimant: LOOKER,
      maySend: undefined,
    },
  )
  return createTrailPort(send, clock)
}

function createTrailPort(send: SendTo<CloudTrailClient>, clock: Clock): TrailPort {
  return {
    async lookUp({ eventName, nextToken }, signal) {
      const command = new LookupEventsCommand({
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: eventName }],
        NextToken: nextToken,
      })
      const { Events = [], NextToken } = await patiently(() => send(command, signal), clock, signal)
      return { events: Events.map(trailEventFrom), nextToken: NextToken }
    },
  }
}

const MOST_TRIES = 10
const THROTTLED_SECONDS = 1

/** Others look things up as well: who is one too many comes again. */
async function patiently<T>(call: () => Promise<T>, clock: Clock, signal: AbortSignal): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call()
    } catch (error) {
      if (!(error instanceof Failure) || !isTooFast(error) || tries === MOST_TRIES) throw error
      await clock.sleep(error.retryAfterSeconds ?? THROTTLED_SECONDS, signal)
    }
  }
}

function isTooFast({ code }: Failure): boolean {
  return code === 'throttled' || code === 'paced'
}

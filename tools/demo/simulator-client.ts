import { ECSClient } from '@aws-sdk/client-ecs'

export const REGION = 'us-east-1'

/** The simulator takes any credentials; two names let the demo tell the operator's calls from its own. */
export const OPERATOR_ACCESS_KEY_ID = 'AKIAOPERATOREXAMPLE'
const OWN_ACCESS_KEY_ID = 'AKIADEMOEXAMPLE'

/** A call in the simulator's log, as far as the demo looks at it. */
export interface SimulatedCall {
  readonly service: string
  readonly operation: string
  readonly accessKeyId: string
  readonly errorCode?: string
}

/** The simulator's control endpoints. */
export interface SimulatorClient {
  /** Every call so far, oldest first. */
  readonly calls: () => Promise<readonly SimulatedCall[]>
  readonly account: () => Promise<SimulatedAccount>
}

/** What still lives in the simulated account, by service and noun: `{ ecs: { services: 1 } }`. */
export interface SimulatedAccount {
  readonly isEmpty: boolean
  readonly live: Readonly<Record<string, Readonly<Record<string, number>>>>
}

export function createSimulatorClient(url: string): SimulatorClient {
  return {
    calls: async () => ((await read(url, 'calls')) as { readonly calls: readonly SimulatedCall[] }).calls,
    account: async () => (await read(url, 'account')) as SimulatedAccount,
  }
}

/** An ECS client as any user of the simulator would make one. */
export function createEcsClient(url: string): ECSClient {
  const credentials = { accessKeyId: OWN_ACCESS_KEY_ID, secretAccessKey: 'example' }
  return new ECSClient({ endpoint: url, region: REGION, credentials, maxAttempts: 2 })
}

async function read(url: string, path: string): Promise<unknown> {
  const response = await fetch(new URL(`/_simulator/${path}`, url))
  if (!response.ok) throw new Error(`the simulator answered ${response.status} for ${path}: ${await response.text()}`)
  return response.json()
}

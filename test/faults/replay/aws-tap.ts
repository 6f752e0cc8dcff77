import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import { buffer } from 'node:stream/consumers'
import type { FaultRule } from '../../../src/simulator/faults.ts'
import { EFFECTS, extentOf, isRead, lateSecondsOf } from '../explorer/aws-troubles.ts'
import type { AwsTrouble } from '../explorer/step.ts'
import type { Fuse } from './fuse.ts'
import { createTroublePlan, type Extent } from '../explorer/trouble-plan.ts'
import { sleep } from './time.ts'

/** On the way between the operator and the simulator: decides which calls meet trouble, and which is its last. */
export interface AwsTap extends AsyncDisposable {
  /** Where the operator finds AWS. */
  readonly url: string
  /** Operations that were asked for, oldest first. */
  readonly calls: readonly string[]
  add(trouble: AwsTrouble, extent: Extent): void
  /** No more troubles from now on. */
  clear(): void
}

/** What the tap writes into the user agent of a call that is to meet this trouble. */
function markOf(trouble: AwsTrouble): string {
  return `meets/${trouble.replaceAll(' ', '-')}/`
}

/** The simulator's fault plan: who is marked meets what the mark says. */
export const FAULT_RULES: readonly FaultRule[] = Object.entries(EFFECTS).map(([trouble, effect]) => ({
  userAgent: markOf(trouble as AwsTrouble),
  effect,
}))

export interface AwsTapOptions {
  readonly simulatorUrl: string
  readonly fuse: Fuse
  /** How many times as fast as ours the simulator's time runs. */
  readonly speed: number
}

/** Starts a tap in front of a simulator, which has to have the fault plan above. */
export async function openAwsTap({ simulatorUrl, fuse, speed }: AwsTapOptions): Promise<AwsTap> {
  const plan = createTroublePlan<AwsTrouble>()
  const calls: string[] = []

  async function carry(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(incoming)
    const operation = operationOf(incoming, body)
    if (!fuse.burns()) {
      response.destroy()
      return
    }
    calls.push(operation)
    const trouble = plan.next(isRead(operation) ? 'read' : 'write')
    const lateSeconds = trouble && lateSecondsOf(trouble, operation)
    const late = lateSeconds === undefined ? undefined : askLate(incoming, body, lateSeconds)
    const answer = await (late === undefined || trouble === 'lost and late' ? ask(incoming, body, trouble) : late)
    if (fuse.burns()) response.writeHead(answer.status, answer.headers).end(answer.body)
    else response.destroy()
  }
  function ask(incoming: IncomingMessage, body: Buffer, trouble: AwsTrouble | undefined): Promise<Answer> {
    return send(new URL(incoming.url ?? '/', simulatorUrl), incoming, { body, mark: trouble && markOf(trouble) })
  }
  function askLate(incoming: IncomingMessage, body: Buffer, lateSeconds: number): Promise<Answer> {
    const late = sleep(lateSeconds / speed).then(() => ask(incoming, body, undefined))
    // Nobody may be there to hear of it.
    late.catch(() => {})
    return late
  }

  const server = createServer((incoming, response) => {
    // Lost answers, and callers that went.
    carry(incoming, response).catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    add: (trouble, extent) => plan.add(trouble, extentOf(trouble, extent)),
    clear: () => plan.clear(),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

interface Asked {
  readonly body: Buffer
  readonly mark: string | undefined
}

/** The simulator does not check signatures, so that a header may change on the way. */
async function send(url: URL, { method, headers }: IncomingMessage, { body, mark = '' }: Asked): Promise<Answer> {
  const agents = { 'user-agent': `${headers['user-agent'] ?? ''} ${mark}` }
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
  forward(url, { method, headers: { ...headers, ...agents } })
    .on('response', resolve)
    .on('error', reject)
    .end(body)
  const answer = await promise
  return { status: answer.statusCode ?? 500, headers: answer.headers, body: await buffer(answer) }
}

/** JSON services name their operation in a header, the others in the form that they are sent. */
function operationOf({ headers }: IncomingMessage, body: Buffer): string {
  const target = headers['x-amz-target']
  if (typeof target === 'string') return target.split('.')[1] ?? ''
  return new URLSearchParams(body.toString()).get('Action') ?? ''
}

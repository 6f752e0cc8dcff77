import { Readable } from 'node:stream'
import { HttpResponse } from '@smithy/core/protocols'
import type { HttpRequest } from '@smithy/core/protocols'
import { type AwsSession, createSession, type SessionOptions } from '../../src/aws/session.ts'
import { createHandClock, type HandClock } from './hand-clock.ts'
import { createMetricsRecorder, type MetricsRecorder } from './recorders.ts'

/** One call as it went over the wire. */
export interface SentCall {
  /** `CreateRepository`. */
  readonly operation: string
  readonly input: Readonly<Record<string, unknown>>
  readonly userAgent: string
}

/** What AWS answers to one operation: the output, an error (`answerError`), or what the network does. */
export type Answers = Readonly<Record<string, (input: Record<string, unknown>, signal: AbortSignal) => unknown>>

export interface AnsweringAws {
  readonly session: AwsSession
  readonly sent: readonly SentCall[]
  readonly clock: HandClock
  readonly metrics: MetricsRecorder
  /** Runs `call` and winds the clock as far as a batch waits. */
  readonly run: <T>(call: (session: AwsSession) => Promise<T>) => Promise<T>
}

class ErrorAnswer {
  readonly code: string
  readonly status: number
  constructor(code: string, status: number) {
    this.code = code
    this.status = status
  }
}

export function answerError(code: string, status = 400): unknown {
  return new ErrorAnswer(code, status)
}

/** A session whose requests (JSON protocols) are answered by functions instead of a network. */
export function createAnsweringAws(answers: Answers, options: Partial<SessionOptions> = {}): AnsweringAws {
  const sent: SentCall[] = []
  const clock = createHandClock()
  const metrics = createMetricsRecorder()

  const handle = async (request: HttpRequest, { abortSignal }: { abortSignal?: AbortSignal } = {}) => {
    const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? ''
    const input: Record<string, unknown> = JSON.parse(new TextDecoder().decode(request.body))
    sent.push({ operation, input, userAgent: String(request.headers['user-agent']) })
    const answer = answers[operation]
    if (!answer) throw new Error(`no answer for ${operation}`)
    return { response: responseFrom(await answer(input, abortSignal ?? new AbortController().signal)) }
  }
  const session = createSession({
    region: 'eu-central-1',
    clock,
    metrics,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    requestHandler: { handle, updateHttpClientConfig: () => undefined, httpHandlerConfigs: () => ({}) },
    batchWindowSeconds: 0.01,
    ...options,
  })

  const run: AnsweringAws['run'] = async (call) => {
    const result = call(session)
    let settled = false
    const done = result.finally(() => (settled = true)).catch(() => undefined)
    while (!settled) await clock.advance(0.01)
    await done
    return result
  }
  return { session, sent, clock, metrics, run }
}

function responseFrom(answer: unknown): HttpResponse {
  const failed = answer instanceof ErrorAnswer
  const body = failed ? { __type: answer.code, message: `the message of ${answer.code}` } : answer
  return new HttpResponse({
    statusCode: failed ? answer.status : 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: Readable.from([Buffer.from(JSON.stringify(body))]),
  })
}

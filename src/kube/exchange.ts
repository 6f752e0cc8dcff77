import type { Dispatcher } from 'undici'

/** An answer with its whole body. */
export interface Answer {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly body: string
}

export type Asked = Pick<Dispatcher.DispatchOptions, 'path' | 'method' | 'headers' | 'body'>

export interface Patience {
  readonly signal: AbortSignal
  /** Called when the head of the answer is there, with its status. */
  readonly onHead: (statusCode: number) => void
}

/**
 * One request and its whole answer. With callbacks: the streams that undici makes of answers otherwise cost as much as
 * everything else around a small one. Errors: those of undici; the signal's reason when it fires first.
 */
export function exchange(dispatcher: Dispatcher, asked: Asked, { signal, onHead }: Patience): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const chunks: Buffer[] = []
  let head: Pick<Answer, 'statusCode' | 'headers'> = { statusCode: 0, headers: {} }
  let controller: Dispatcher.DispatchController | undefined

  const giveUp = (): void => {
    const reason: unknown = signal.reason
    const error = reason instanceof Error ? reason : new Error('given up', { cause: reason })
    controller?.abort(error)
    reject(error)
  }
  const end = (): void => signal.removeEventListener('abort', giveUp)

  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp, { once: true })
  dispatcher.dispatch(asked, {
    onRequestStart: (started) => {
      controller = started
      if (signal.aborted) giveUp()
    },
    onResponseStart: (_, statusCode, headers) => {
      head = { statusCode, headers }
      onHead(statusCode)
    },
    onResponseData: (_, chunk) => void chunks.push(chunk),
    onResponseEnd: () => {
      end()
      resolve({ ...head, body: Buffer.concat(chunks).toString() })
    },
    onResponseError: (_, error) => {
      end()
      reject(error)
    },
  })
  return promise
}

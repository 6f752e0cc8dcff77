import { get } from 'node:http'
import { text } from 'node:stream/consumers'
import type { Run } from '../command.ts'

const TIMEOUT_MILLISECONDS = 10_000

export const help = `
  URL   where an operator serves its health, such as http://longshore-metrics.longshore:8080

Prints the checks of /readyz. Exit codes: 0 ready, 1 not ready, or nobody answers.
`

/** `longshore ready URL`: whether an operator is ready, for images that have no shell (`helm test`). */
export const run: Run = async ([url, ...others], { print, complain }, signal) => {
  if (url === undefined || others.length > 0 || !URL.canParse('/readyz', url)) {
    complain('ready takes one URL, such as http://localhost:8080')
    return 1
  }
  try {
    const { status, body } = await ask(new URL('/readyz', url), signal)
    print(body)
    return status === 200 ? 0 : 1
  } catch (error) {
    complain(`${url} does not answer: ${error instanceof Error ? error.message : String(error)}`)
    return 1
  }
}

function ask(url: URL, signal: AbortSignal): Promise<{ readonly status: number | undefined; readonly body: string }> {
  return new Promise((resolve, reject) => {
    const request = get(url, { signal, timeout: TIMEOUT_MILLISECONDS }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body }), reject)
    })
    request.on('timeout', () => request.destroy(new Error('timed out')))
    request.on('error', reject)
  })
}

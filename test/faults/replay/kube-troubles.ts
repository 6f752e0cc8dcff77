import { openFaultProxy } from '../proxy/fault-proxy.ts'
import { formOf, type Effect, type ProxiedRequest } from '../proxy/fault.ts'
import type { KubeTrouble, WatchTrouble } from '../explorer/step.ts'
import type { Fuse } from './fuse.ts'
import { createTroublePlan, type Extent } from '../explorer/trouble-plan.ts'

/** A real API server as the operator meets it: with troubles. */
export interface TroubledApiServer extends AsyncDisposable {
  /** For the operator. */
  readonly kubeconfigPath: string
  /** What the operator asked for, oldest first. */
  readonly requests: readonly ProxiedRequest[]
  add(trouble: KubeTrouble, extent: Extent): void
  /** Resets every watch; the next ones meet this. */
  cut(trouble: WatchTrouble | undefined, count: number): void
  /** Resets every watch, and refuses new ones until something is done. */
  cutDuring(work: Promise<void>): Promise<void>
  /** For so long watches say nothing; what they have to say comes then. In seconds of ours. */
  lag(seconds: number): void
  /** For so long it answers nobody. In seconds of ours. */
  fail(seconds: number): void
  /** No more troubles from now on. */
  clear(): void
}

const EFFECTS: Readonly<Record<KubeTrouble, Effect>> = {
  conflict: { type: 'answer', status: 409, reason: 'Conflict' },
  throttled: { type: 'answer', status: 429, reason: 'TooManyRequests', retryAfterSeconds: 1 },
  unavailable: { type: 'answer', status: 503, reason: 'ServiceUnavailable' },
  'timeout before effect': { type: 'half-open' },
  'timeout after effect': { type: 'lost-answer' },
}
const WATCH_EFFECTS: Readonly<Record<WatchTrouble, Effect>> = {
  gone: { type: 'answer', status: 410, reason: 'Expired' },
  throttled: { type: 'answer', status: 429, reason: 'TooManyRequests', retryAfterSeconds: 1 },
  unavailable: { type: 'answer', status: 503, reason: 'ServiceUnavailable' },
  silent: { type: 'half-open' },
}

export async function openTroubledApiServer(kubeconfigPath: string, fuse: Fuse): Promise<TroubledApiServer> {
  const plan = createTroublePlan<KubeTrouble>()
  let watchRules: { readonly trouble: WatchTrouble; count: number }[] = []
  let downUntilMs = -Infinity
  let isCutting = false

  const decide = (request: ProxiedRequest): Effect | undefined => {
    if (performance.now() < downUntilMs) return { type: 'reset' }
    if (formOf(request) !== 'plain') return decideWatch(request)
    if (!fuse.burns()) return { type: 'reset' }
    const trouble = plan.next(request.method === 'GET' ? 'read' : 'write')
    // Nobody's read conflicts with anything.
    if (trouble === undefined || (trouble === 'conflict' && request.method === 'GET')) return undefined
    return EFFECTS[trouble]
  }
  const decideWatch = (request: ProxiedRequest): Effect | undefined => {
    if (isCutting) return WATCH_EFFECTS.unavailable
    // Only what begins at a version can find it gone.
    const rule = watchRules.find(({ trouble }) => trouble !== 'gone' || formOf(request) === 'watch')
    if (rule === undefined) return undefined
    rule.count -= 1
    if (rule.count === 0) watchRules = watchRules.filter((other) => other !== rule)
    return WATCH_EFFECTS[rule.trouble]
  }
  const mayAnswer = (request: ProxiedRequest): boolean => formOf(request) !== 'plain' || fuse.burns()

  const proxy = await openFaultProxy(kubeconfigPath, { decide, mayAnswer })
  const watches = () => proxy.open({}).filter(({ request }) => formOf(request) !== 'plain')
  const cutWatches = (): void => {
    for (const watch of watches()) watch.reset()
  }
  return {
    kubeconfigPath: proxy.kubeconfigPath,
    requests: proxy.requests,
    add: (trouble, extent) => plan.add(trouble, extent),
    cut: (trouble, count) => {
      if (trouble !== undefined) watchRules.push({ trouble, count })
      cutWatches()
    },
    cutDuring: async (work) => {
      isCutting = true
      cutWatches()
      await work
      isCutting = false
    },
    lag: (seconds) => {
      for (const watch of watches()) watch.hold(seconds)
    },
    fail: (seconds) => {
      downUntilMs = Math.max(downUntilMs, performance.now() + seconds * 1000)
      cutWatches()
    },
    clear: () => {
      plan.clear()
      watchRules = []
      downUntilMs = -Infinity
    },
    [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
  }
}

import type { ManualClock } from './clock.ts'
import type { CallFilter } from './call-log.ts'
import { faultRulesFrom, InputError, scenarioFrom } from './control-input.ts'
import { LEDGERS } from './ledgers.ts'
import { isRecord, textOf, type HttpAnswer, type HttpRequest } from './protocol/http.ts'
import type { Simulator } from './simulator.ts'

export type ControlHandler = (request: HttpRequest) => Promise<HttpAnswer>

/** What the control endpoints act on; `manual` is absent where time runs by itself. */
export interface ControlTarget {
  readonly simulator: Simulator
  readonly manual?: ManualClock | undefined
}

type Route = (request: HttpRequest, target: ControlTarget) => unknown

/** Control requests: method and path below `/_simulator/`. JSON in, JSON out; described in docs/simulator.md. */
const ROUTES: Readonly<Record<string, Route>> = {
  'GET state': (_request, { simulator }) => simulator.dump(),
  'GET account': (_request, { simulator }) => accountOf(simulator),
  'GET calls': (request, { simulator }) => ({
    counts: simulator.log.counts(),
    calls: simulator.log.calls(filterFrom(request)),
  }),
  'GET ledger': () => LEDGERS,
  'GET scenario': (_request, { simulator }) => simulator.scenario(),
  'PUT scenario': (request, { simulator }) => {
    simulator.setScenario(scenarioFrom(bodyOf(request)))
    return simulator.scenario()
  },
  'GET faults': (_request, { simulator }) => simulator.faults.list(),
  'PUT faults': (request, { simulator }) => {
    const rules = faultRulesFrom(bodyOf(request))
    simulator.faults.clear()
    for (const rule of rules) simulator.faults.add(rule)
    return simulator.faults.list()
  },
  'DELETE faults': (_request, { simulator }) => {
    simulator.faults.clear()
    return []
  },
  'GET clock': (_request, target) => clockOf(target),
  'POST clock/advance': (request, target) => {
    if (!target.manual)
      throw new InputError('the clock runs by itself: start the simulator with --clock manual to wind it')
    target.manual.advance(secondsFrom(bodyOf(request)))
    return clockOf(target)
  },
  'POST reset': (_request, { simulator }) => {
    simulator.reset()
    return {}
  },
}

/** Answers control requests; anything that is wrong gets a sentence. */
export function createControl(target: ControlTarget): ControlHandler {
  return async (request) => {
    const name = `${request.method} ${request.path.replace(/^\/_simulator\//, '')}`
    const route = ROUTES[name]
    if (!route) return json(404, { error: `there is no ${name}; there are: ${Object.keys(ROUTES).join(', ')}` })
    try {
      return json(200, route(request, target))
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      return json(400, { error: error.message })
    }
  }
}

function json(status: number, value: unknown): HttpAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

function accountOf(simulator: Simulator): object {
  const live = simulator.countLive()
  const total = Object.values(live)
    .flatMap((counts) => Object.values(counts))
    .reduce((sum, count) => sum + count, 0)
  return { isEmpty: total === 0, live }
}

function clockOf({ simulator, manual }: ControlTarget): object {
  const nextAt = manual?.nextAt()
  return {
    now: new Date(simulator.clock.now()).toISOString(),
    ...(nextAt !== undefined && { nextAt: new Date(nextAt).toISOString() }),
  }
}

function filterFrom({ query }: HttpRequest): CallFilter {
  const names = ['service', 'operation', 'accountId', 'errorCode'] as const
  return Object.fromEntries(names.flatMap((name) => (typeof query[name] === 'string' ? [[name, query[name]]] : [])))
}

function bodyOf(request: HttpRequest): unknown {
  try {
    return JSON.parse(textOf(request.body))
  } catch {
    throw new InputError('the body must be JSON')
  }
}

function secondsFrom(body: unknown): number {
  const seconds = isRecord(body) ? body['seconds'] : undefined
  if (typeof seconds === 'number' && seconds >= 0) return seconds
  throw new InputError('seconds must be a number, 0 or more')
}

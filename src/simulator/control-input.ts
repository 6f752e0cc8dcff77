import type { FaultEffect, FaultRule } from './faults.ts'
import { isRecord } from './protocol/http.ts'
import type { ImageBehaviour, Scenario } from './service.ts'

/** What a person gave the simulator cannot be understood; the message names the member and what was expected. */
export class InputError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'InputError'
  }
}

/** Reads a scenario: `{ "images": { "app:broken": { "type": "crash", "afterSeconds": 5 } }, "eventDelaySeconds": 0 }`. */
export function scenarioFrom(body: unknown): Partial<Scenario> {
  if (!isRecord(body)) throw new InputError('a scenario must be an object with images or eventDelaySeconds')
  const { images, eventDelaySeconds } = body
  if (eventDelaySeconds === undefined) return { images: imagesFrom(images) }
  return {
    ...(images !== undefined && { images: imagesFrom(images) }),
    eventDelaySeconds: number(eventDelaySeconds, 'eventDelaySeconds'),
  }
}

function imagesFrom(images: unknown): Readonly<Record<string, ImageBehaviour>> {
  if (!isRecord(images)) throw new InputError('images must be an object of behaviours by image')
  return Object.fromEntries(
    Object.entries(images).map(([image, raw]) => [image, behaviourFrom(raw, `images.${image}`)]),
  )
}

const BEHAVIOURS = ['run', 'crash', 'cannot-pull', 'never-healthy'] as const

function behaviourFrom(raw: unknown, path: string): ImageBehaviour {
  if (!isRecord(raw)) throw new InputError(`${path} must be an object`)
  const type = oneOf(raw['type'], BEHAVIOURS, `${path}.type`)
  const afterSeconds = optionalNumber(raw['afterSeconds'], `${path}.afterSeconds`)
  const exitCode = optionalNumber(raw['exitCode'], `${path}.exitCode`)
  const findings = findingsFrom(raw['findings'], `${path}.findings`)
  return {
    type,
    ...(afterSeconds !== undefined && { afterSeconds }),
    ...(exitCode !== undefined && { exitCode }),
    ...(findings && { findings }),
  }
}

// FindingSeverity in the ECR service model.
const SEVERITIES = ['CRITICAL', 'HIGH', 'MEDIUM', 'LOW', 'INFORMATIONAL', 'UNDEFINED'] as const

function findingsFrom(raw: unknown, path: string): ImageBehaviour['findings'] {
  if (raw === undefined) return undefined
  if (!isRecord(raw)) throw new InputError(`${path} must be an object of numbers by severity`)
  const counts = Object.entries(raw).map(([severity, count]) => [
    oneOf(severity, SEVERITIES, `a severity in ${path}`),
    number(count, `${path}.${severity}`),
  ])
  return Object.fromEntries(counts)
}

/** Reads a list of fault rules. */
export function faultRulesFrom(body: unknown): readonly FaultRule[] {
  if (!Array.isArray(body)) throw new InputError('faults must be a list of rules')
  return body.map((raw, index) => faultRuleFrom(raw, `faults[${index}]`))
}

const RULE_TEXTS = ['id', 'service', 'operation', 'accountId', 'region', 'accessKeyId', 'userAgent'] as const
const RULE_NUMBERS = ['skip', 'count'] as const
const RULE_MEMBERS = new Set<string>([...RULE_TEXTS, ...RULE_NUMBERS, 'parameters', 'effect'])

function faultRuleFrom(raw: unknown, path: string): FaultRule {
  if (!isRecord(raw)) throw new InputError(`${path} must be an object`)
  const unknown = Object.keys(raw).find((name) => !RULE_MEMBERS.has(name))
  if (unknown !== undefined)
    throw new InputError(`${path}.${unknown} is no member of a rule: ${[...RULE_MEMBERS].join(', ')}`)
  const texts = RULE_TEXTS.flatMap((name) =>
    raw[name] === undefined ? [] : [[name, text(raw[name], `${path}.${name}`)]],
  )
  const numbers = RULE_NUMBERS.flatMap((name) =>
    raw[name] === undefined ? [] : [[name, number(raw[name], `${path}.${name}`)]],
  )
  const { parameters } = raw
  if (parameters !== undefined && !isRecord(parameters)) throw new InputError(`${path}.parameters must be an object`)
  return {
    ...Object.fromEntries([...texts, ...numbers]),
    ...(parameters && { parameters }),
    effect: effectFrom(raw['effect'], `${path}.effect`),
  }
}

const EFFECTS = ['throttle', 'unavailable', 'denied', 'error', 'lost', 'delay', 'stale-read'] as const

function effectFrom(raw: unknown, path: string): FaultEffect {
  if (!isRecord(raw)) throw new InputError(`${path} must be an object with a type`)
  const type = oneOf(raw['type'], EFFECTS, `${path}.type`)
  switch (type) {
    case 'throttle':
    case 'unavailable':
    case 'denied':
      return { type }
    case 'error':
      return errorEffect(raw, path)
    case 'lost':
      return { type, when: oneOf(raw['when'], ['before-effect', 'after-effect'] as const, `${path}.when`) }
    case 'delay':
    case 'stale-read':
      return { type, seconds: number(raw['seconds'], `${path}.seconds`) }
  }
}

function errorEffect(raw: Readonly<Record<string, unknown>>, path: string): FaultEffect {
  const status = optionalNumber(raw['status'], `${path}.status`)
  return {
    type: 'error',
    code: text(raw['code'], `${path}.code`),
    ...(raw['message'] !== undefined && { message: text(raw['message'], `${path}.message`) }),
    ...(status !== undefined && { status }),
  }
}

function oneOf<T extends string>(raw: unknown, allowed: readonly T[], path: string): T {
  const found = allowed.find((candidate) => candidate === raw)
  if (found === undefined) throw new InputError(`${path} must be one of ${allowed.join(', ')}`)
  return found
}

function text(raw: unknown, path: string): string {
  if (typeof raw !== 'string') throw new InputError(`${path} must be a string`)
  return raw
}

function number(raw: unknown, path: string): number {
  if (typeof raw !== 'number' || raw < 0) throw new InputError(`${path} must be a number, 0 or more`)
  return raw
}

function optionalNumber(raw: unknown, path: string): number | undefined {
  return raw === undefined ? undefined : number(raw, path)
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as cloudtrail from '@aws-sdk/client-cloudtrail'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as ec2 from '@aws-sdk/client-ec2'
import * as ecr from '@aws-sdk/client-ecr'
import * as ecs from '@aws-sdk/client-ecs'
import * as eks from '@aws-sdk/client-eks'
import * as sqs from '@aws-sdk/client-sqs'
import * as sts from '@aws-sdk/client-sts'
import { createRequestHandler } from '../../../test/support/aws.ts'
import { createManualClock } from '../clock.ts'
import type { AnyService } from '../service.ts'
import { createSimulator } from '../simulator.ts'
import { modelFrom, type Operation } from './model.ts'
import type { Member, Shape, StructureShape } from './shape.ts'

/** Every service whose SDK package is installed: between them they speak all five protocols. */
const CASES = [
  { id: 'cloudtrail', sdk: cloudtrail, Client: cloudtrail.CloudTrailClient },
  { id: 'ecr', sdk: ecr, Client: ecr.ECRClient },
  { id: 'ecs', sdk: ecs, Client: ecs.ECSClient },
  { id: 'logs', sdk: logs, Client: logs.CloudWatchLogsClient },
  { id: 'sts', sdk: sts, Client: sts.STSClient },
  { id: 'eks', sdk: eks, Client: eks.EKSClient },
  { id: 'sqs', sdk: sqs, Client: sqs.SQSClient },
  { id: 'ec2', sdk: ec2, Client: ec2.EC2Client },
]
const ROUNDS = 2

/** Operations that the simulator cannot carry: event streams, and one that the client adds a presigned URL to. */
const NOT_CARRIED = new Set(['logs:StartLiveTail', 'logs:GetLogObject', 'ec2:CopySnapshot'])

for (const { id, sdk, Client } of CASES) {
  test(`carries random inputs and outputs of ${id} unchanged`, async () => {
    const echo = echoService(id, sdk)
    const simulator = createSimulator({
      clock: createManualClock(),
      services: [echo.service],
      throttling: 'off',
      overlays: {},
    })
    const client = new Client({
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'x' },
      requestHandler: createRequestHandler(simulator),
      maxAttempts: 1,
      ...(id === 'sqs' && { md5: false, useQueueUrlAsEndpoint: false }),
    })
    const operations = [...modelFrom(sdk).operations.values()].filter(({ name }) => !NOT_CARRIED.has(`${id}:${name}`))

    const differences: string[] = []
    for (const [index, operation] of operations.entries()) {
      for (let round = 0; round < ROUNDS; round++) {
        const random = createRandom(index * ROUNDS + round + 1)
        const input = structureValue(operation.input, { random, depth: 0 })
        echo.output = structureValue(operation.output, { random, depth: 0 })
        const answer = await send(client, sdk, operation, input).catch((error: unknown) => error)
        const problem = differenceIn(operation, { input, answer, echo })
        if (problem !== undefined) differences.push(problem)
      }
    }

    assert.deepEqual(differences, [])
    assert.ok(operations.length > 10)
  })
}

for (const { id, sdk } of CASES) {
  test(`hands random inputs and outputs of ${id} over unchanged where there is no wire, and shares none`, async () => {
    const echo = echoService(id, sdk)
    const services = [echo.service]
    const simulator = createSimulator({ clock: createManualClock(), services, throttling: 'off', overlays: {} })
    const caller = { service: id, accessKeyId: 'AKIAEXAMPLE', region: 'us-east-1', userAgent: 'test' }

    const differences: string[] = []
    for (const [index, operation] of [...modelFrom(sdk).operations.values()].entries()) {
      const random = createRandom(index + 1)
      const input = structureValue(operation.input, { random, depth: 0 })
      echo.output = structureValue(operation.output, { random, depth: 0 })
      const outcome = await simulator.invoke({ ...caller, operation: operation.name, input })
      const answer = outcome.type === 'answered' ? outcome.value : new Error(outcome.type)
      const problem = differenceIn(operation, { input, answer, echo })
      if (problem !== undefined) differences.push(problem)
      const shared = partsOf(answer)
        .intersection(partsOf(echo.output))
        .union(partsOf(input).intersection(partsOf(echo.received)))
      if (shared.size > 0) differences.push(`${operation.name} shares ${JSON.stringify([...shared])}`)
    }

    assert.deepEqual(differences, [])
  })
}

/** Every object inside a value, itself included. */
function partsOf(value: unknown): ReadonlySet<object> {
  if (typeof value !== 'object' || value === null) return new Set()
  return new Set([value, ...Object.values(value).flatMap((part) => [...partsOf(part)])])
}

interface Echo {
  readonly service: AnyService
  output: object
  received: unknown
}

/** A service that takes every operation and answers what it is told. */
function echoService(id: string, schemas: Readonly<Record<string, unknown>>): Echo {
  const handler = (input: unknown): object => {
    echo.received = input
    return echo.output
  }
  const names = [...modelFrom(schemas).operations.keys()]
  const operations = Object.fromEntries(names.map((name) => [name, handler]))
  const echo: Echo = { service: { id, schemas, createState: () => ({}), operations }, output: {}, received: undefined }
  return echo
}

async function send(client: object, sdk: object, operation: Operation, input: object): Promise<object> {
  const Command: unknown = Reflect.get(sdk, `${operation.name}Command`)
  assert.ok(typeof Command === 'function')
  const answer: unknown = await Reflect.get(client, 'send').call(client, Reflect.construct(Command, [input]))
  assert.ok(typeof answer === 'object' && answer !== null)
  const { $metadata: _metadata, ...value } = { $metadata: undefined, ...answer }
  return value
}

function differenceIn(
  operation: Operation,
  { input, answer, echo }: { input: object; answer: unknown; echo: Echo },
): string | undefined {
  if (answer instanceof Error) return `${operation.name} failed: ${answer.message}`
  try {
    assert.deepStrictEqual(plain(echo.received), plain(input))
    assert.deepStrictEqual(plain(answer), plain(echo.output))
    return undefined
  } catch (error) {
    return `${operation.name}: ${error instanceof Error ? error.message : String(error)}`
  }
}

/** Without prototypes, so that SDK subclasses of `Uint8Array` compare by content. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return `bytes ${Buffer.from(value).toString('hex')}`
  if (value instanceof Date) return `date ${value.toISOString()}`
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, plain(element)]))
}

interface Generation {
  readonly random: () => number
  readonly depth: number
}

/** Deeper than this only required members are filled: some shapes contain themselves. */
const MAX_DEPTH = 4

function structureValue(shape: StructureShape, generation: Generation): Record<string, unknown> {
  const members = [...shape.members.values()].filter(
    ({ traits }) => !traits.isStreaming || traits.binding.in === 'payload',
  )
  const wanted = members.filter((member) => isWanted(member, shape, generation))
  // Query has no notation for an empty structure in a list, and the SDK makes up tokens that are left out.
  const leaf = members.find((member) => !['structure', 'list', 'map'].includes(member.shape.type)) ?? members[0]
  const filled = wanted.length === 0 && leaf && generation.depth > 0 ? [leaf] : wanted
  const chosen = shape.isUnion ? members.slice(0, 1) : filled
  return Object.fromEntries(chosen.map((member) => [member.name, memberValue(member, generation)]))
}

function isWanted({ name, traits }: Member, shape: StructureShape, { random, depth }: Generation): boolean {
  return shape.required.includes(name) || traits.isIdempotencyToken || (depth < MAX_DEPTH && random() < 0.7)
}

function memberValue(member: Member, generation: Generation): unknown {
  const { binding } = member.traits
  if (binding.in === 'status') return 200
  // Headers and query strings carry plain text only.
  if (binding.in === 'header') return `text${Math.floor(generation.random() * 1000)}`
  return valueOf(member.shape, { ...generation, depth: generation.depth + 1 })
}

/** What must survive escaping in JSON, XML, forms and paths. */
const TEXTS = ['plain', 'with space', 'a<b>&"c\'', 'größe ✓', 'arn:aws:x::1/2', 'a.b+c%20=d', '0012']

function valueOf(shape: Shape, generation: Generation): unknown {
  const { random } = generation
  switch (shape.type) {
    case 'structure':
      return structureValue(shape, generation)
    case 'list':
      return Array.from({ length: 1 + Math.floor(random() * 2) }, () => memberValue(shape.element, generation))
    case 'map':
      return { [`key${Math.floor(random() * 9)}`]: memberValue(shape.value, generation) }
    case 'timestamp':
      return new Date(Math.floor(random() * 2_000_000_000) * 1000)
    case 'blob':
      return Uint8Array.from({ length: 5 }, () => Math.floor(random() * 256))
    case 'boolean':
      return random() < 0.5
    case 'document':
      return { nested: [1, 'two'] }
    case 'number':
    case 'big-integer':
    case 'big-decimal':
      return Math.floor(random() * 1000)
    case 'string':
      return TEXTS[Math.floor(random() * TEXTS.length)] ?? ''
  }
}

/** A linear congruential generator with the constants of Numerical Recipes: the same values on every run. */
function createRandom(seed: number): () => number {
  let state = Math.imul(seed, 2_654_435_761) >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

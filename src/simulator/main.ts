#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { createManualClock, createPacedClock, type ManualClock, type VirtualClock } from './clock.ts'
import { createControl } from './control.ts'
import { InputError, scenarioFrom } from './control-input.ts'
import { serveSimulator, type Endpoint } from './server.ts'
import { SERVICES } from './services/index.ts'
import { createSimulator } from './simulator.ts'
import type { Scenario } from './service.ts'

const HELP = `simulate-aws: simulated AWS on one endpoint, never validated against a live account

  --port PORT      port to listen on; 0 picks a free one (default 0)
  --bind-address ADDRESS   address to listen on (default 127.0.0.1); 0.0.0.0: all, as a container needs it
  --clock CLOCK    real (default), manual (wound by POST /_simulator/clock/advance), or a speed such as 60
  --seed FILE      JSON file with a scenario: { "images": { IMAGE: { "type": "crash", "afterSeconds": 5 } } };
                   "eventDelaySeconds": how late CloudTrail shows calls
  --throttling on|off   AWS's published request rates (default on)
  --help           this text

Prints its URL when it serves. Point any AWS SDK or CLI at it with AWS_ENDPOINT_URL.`

interface Options {
  readonly endpoint: Endpoint
  readonly clock: VirtualClock
  readonly manual: ManualClock | undefined
  readonly wallClockMs?: () => number
  readonly scenario: Partial<Scenario>
  readonly throttling: 'on' | 'off'
}

function parseOptions(args: readonly string[]): Options | 'help' {
  const { port, 'bind-address': bindAddress, clock, seed, throttling, help } = readFlags(args)
  if (help) return 'help'
  if (throttling !== 'on' && throttling !== 'off')
    throw new InputError(`--throttling must be on or off, not ${throttling}`)
  const endpoint = { bindAddress, port: parsePort(port) }
  return { endpoint, throttling, scenario: seed === undefined ? {} : readSeed(seed), ...parseClock(clock) }
}

interface Flags {
  readonly port: string
  readonly 'bind-address': string
  readonly clock: string
  readonly throttling: string
  readonly seed?: string
  readonly help?: boolean
}

function readFlags(args: readonly string[]): Flags {
  try {
    const text = { type: 'string' } as const
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { ...text, default: '0' },
        'bind-address': { ...text, default: '127.0.0.1' },
        clock: { ...text, default: 'real' },
        throttling: { ...text, default: 'on' },
        seed: text,
        help: { type: 'boolean' },
      },
    })
    return values
  } catch (error) {
    throw new InputError(error instanceof Error ? (error.message.split(/\.\s/)[0] ?? error.message) : String(error))
  }
}

function parsePort(text: string): number {
  const port = Number(text)
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port
  throw new InputError(`--port must be a number from 0 to 65535, not ${text}`)
}

function parseClock(text: string): Pick<Options, 'clock' | 'manual' | 'wallClockMs'> {
  if (text === 'manual') {
    const manual = createManualClock()
    return { clock: manual, manual }
  }
  if (text === 'real') {
    const clock = createPacedClock(1)
    return { clock, manual: undefined, wallClockMs: () => clock.now() }
  }
  const speed = Number(text)
  if (speed > 0 && Number.isFinite(speed)) return { clock: createPacedClock(speed), manual: undefined }
  throw new InputError(`--clock must be manual, real or a speed above 0, not ${text}`)
}

function readSeed(file: string): Partial<Scenario> {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    throw new InputError(`--seed ${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
  return scenarioFrom(content)
}

async function serve({ endpoint, clock, manual, wallClockMs, scenario, throttling }: Options): Promise<void> {
  const simulator = createSimulator({
    clock,
    services: SERVICES,
    scenario,
    throttling,
    ...(wallClockMs && { wallClockMs }),
  })
  const server = await serveSimulator(simulator, createControl({ simulator, manual }), endpoint)
  process.stdout.write(`${server.url}\n`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => void server.close().then(() => process.exit(0)))
}

try {
  const options = parseOptions(process.argv.slice(2))
  if (options === 'help') process.stdout.write(`${HELP}\n`)
  else await serve(options)
} catch (error) {
  process.stderr.write(`simulate-aws: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

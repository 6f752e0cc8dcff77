import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { argv, execPath, resourceUsage, stdout } from 'node:process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { packDocument } from '../../src/app/commands/pack/pack-document.ts'
import { packFirstFit } from '../../test/packing/first-fit.ts'
import type { Case } from './cases.ts'
import { CATALOGUES } from './catalogues.ts'
import { MIXES } from './mixes.ts'
import { shapesMix } from './shapes-mix.ts'

/** What a plan cost, and what it took to make. */
export interface Run {
  /** The first decision of the process. */
  readonly decisionMs: number
  /** The later ones. */
  readonly laterMs: readonly number[]
  readonly pods: number
  readonly shapes: number
  readonly types: number
  readonly nodes: number
  readonly unschedulable: number
  readonly usdPerHour: number
  readonly lowerBoundUsdPerHour: number
  readonly firstFitUsdPerHour: number | undefined
  readonly peakMib: number
}

const SEED = 42
/** Long enough for every round. */
const TIME_LIMIT_MS = 60_000

/** Runs a case in a process of its own. Throws an `Error` with what it wrote when it fails. */
export async function runCase(one: Case): Promise<Run> {
  const child = spawn(execPath, [fileURLToPath(import.meta.url), JSON.stringify(one)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const output = await text(child.stdout)
  if (child.exitCode === null) await once(child, 'exit')
  if (child.exitCode !== 0) throw new Error(`${JSON.stringify(one)} ended with ${child.exitCode}`)
  return JSON.parse(output) as Run
}

function solveHere({ mix, pods, catalogue, ignorePreferences = false, withFirstFit = false, repeats = 0 }: Case): Run {
  const workload = (MIXES[mix] ?? shapesMix(mix))(pods, SEED)
  const instanceTypes = CATALOGUES[catalogue]()
  const input = { ...workload, instanceTypes, options: { timeLimitMs: TIME_LIMIT_MS, ignorePreferences } }
  const plan = packDocument(input)
  const peakMib = resourceUsage().maxRSS / 1024
  const laterMs = Array.from({ length: repeats }, () => packDocument(input).elapsedMs)
  return {
    decisionMs: plan.elapsedMs,
    laterMs,
    pods,
    shapes: plan.stats.shapes,
    types: plan.stats.instanceTypes,
    nodes: plan.newNodes.length,
    unschedulable: plan.unschedulable.length,
    usdPerHour: plan.totalUsdPerHour,
    lowerBoundUsdPerHour: plan.lowerBoundUsdPerHour,
    firstFitUsdPerHour: withFirstFit ? packFirstFit(input).totalUsdPerHour : undefined,
    peakMib,
  }
}

if (argv[1] === fileURLToPath(import.meta.url))
  stdout.write(JSON.stringify(solveHere(JSON.parse(argv[2] ?? '') as Case)))

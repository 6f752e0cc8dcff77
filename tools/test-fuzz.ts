// npm run test:fuzz -- [--count N] [--from SEED]
// Sends N spoilt examples (default 1,000) to a real API server and lets the operator work on those that it takes. Manifest
// number N is the one of seed N, here and everywhere. Prints what was not treated as it should be; exits with 1 then.
import { argv, stdout } from 'node:process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openTransport } from '../test/integration/fuzz/connect.ts'
import { fuzz, type Finding } from '../test/integration/fuzz/fuzz.ts'
import { ROOT } from './checks/stage.ts'
import { startControlPlane } from './control-plane/control-plane.ts'
import { createKubectl, installCrds } from './control-plane/kubectl.ts'

const DEFAULT_COUNT = 1000

async function main(args: readonly string[]): Promise<number> {
  const options = { count: { type: 'string' }, from: { type: 'string' } } as const
  const { values } = parseArgs({ args: [...args], options })
  const count = Number(values.count ?? DEFAULT_COUNT)
  const from = Number(values.from ?? 1)
  const controlPlane = await startControlPlane()
  try {
    await installCrds(createKubectl(controlPlane.kubeconfigPath), join(ROOT, 'crds'))
    return await tryMany(controlPlane.kubeconfigPath, { count, from })
  } finally {
    await controlPlane.stop()
  }
}

async function tryMany(
  kubeconfigPath: string,
  range: { readonly count: number; readonly from: number },
): Promise<number> {
  const transport = await openTransport(kubeconfigPath)
  const { refused, ends, findings, serverSeconds } = await fuzz({ transport, namespace: 'default', ...range })
  await transport.close()

  for (const finding of findings) report(finding)
  const { ready, stalled, waiting, unmodelled } = ends
  stdout.write(
    `${range.count} manifests from seed ${range.from}: ${refused} refused; of the others ${ready} Ready, ${stalled} Stalled, ` +
      `${waiting} waiting for what they refer to, ${unmodelled} beyond the simulator; ${findings.length} not as they should ` +
      `be. The API server took ${serverSeconds.toFixed(1)} s.\n`,
  )
  return findings.length === 0 ? 0 : 1
}

function report({ seed, kind, words, problems, spec }: Finding): void {
  stdout.write(`\n${kind} of seed ${seed}: ${words.join('; ')}\n`)
  for (const problem of problems) stdout.write(`  → ${problem}\n`)
  stdout.write(`  spec: ${JSON.stringify(spec)}\n\n`)
}

process.exitCode = await main(argv.slice(2))

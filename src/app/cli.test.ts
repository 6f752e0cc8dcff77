import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import packageJson from '../../package.json' with { type: 'json' }
import { silentTerminal } from '../../test/support/silent-terminal.ts'
import { runCli } from './cli.ts'

async function runWith(...args: string[]) {
  const output = { printed: '', complaints: '' }
  const exitCode = await runCli(
    args,
    {
      ...silentTerminal,
      print: (text) => void (output.printed += text),
      complain: (sentence) => void (output.complaints += sentence),
    },
    AbortSignal.abort(),
  )
  return { exitCode, ...output }
}

describe('the program', () => {
  for (const { fact, args, printed } of [
    { fact: 'without a verb shows its verbs', args: [], printed: /^longshore VERB[^]*\n {2}crds/ },
    { fact: 'shows its verbs when asked', args: ['--help'], printed: /^longshore VERB/ },
    { fact: 'explains one verb', args: ['help', 'version'], printed: /^longshore version: print the version\n$/ },
    { fact: 'explains a verb by its flag', args: ['version', '--help'], printed: /^longshore version: print/ },
    {
      fact: 'explains every setting of the operator',
      args: ['help', 'operator'],
      printed: /--settle-seconds \(LONGSHORE_SETTLE_SECONDS\)\n.* Default: 15\.\n/,
    },
    { fact: 'prints its version', args: ['version'], printed: new RegExp(`^longshore ${packageJson.version}\n$`) },
  ]) {
    test(fact, async () => {
      const result = await runWith(...args)

      assert.match(result.printed, printed)
      assert.deepEqual([result.exitCode, result.complaints], [0, ''])
    })
  }

  for (const { fact, args, complaint } of [
    {
      fact: 'names a verb that it does not know',
      args: ['operater'],
      complaint: 'unknown verb "operater"; one of: operator, plan, explain, pack, crds, ready, version, help',
    },
    {
      fact: 'cannot explain what it does not know',
      args: ['help', 'operater'],
      complaint: 'unknown verb "operater"; one of: operator, plan, explain, pack, crds, ready, version, help',
    },
    {
      fact: 'starts no operator with a bad setting',
      args: ['operator', '--workers=0'],
      complaint: '--workers wants a whole number from 1 to 256, not "0"',
    },
    { fact: 'takes no arguments for crds', args: ['crds', 'all'], complaint: 'crds takes no arguments, not "all"' },
  ]) {
    test(fact, async () => {
      assert.deepEqual(await runWith(...args), { exitCode: 1, printed: '', complaints: complaint })
    })
  }
})

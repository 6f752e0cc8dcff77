import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { parse } from 'yaml'
import { silentTerminal } from '../../../test/support/silent-terminal.ts'
import type { Terminal } from '../command.ts'
import { InputProblem } from './pack/input-problem.ts'
import { packInWorker } from './pack/pack-in-worker.ts'
import type { PlanDocument } from './pack/plan-document.ts'
import { run } from './pack.ts'

const requests = { cpu: '500m', memory: '1Gi' }
const POD = { kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ resources: { requests } }] } }
const POOL = { kind: 'EksNodePool', metadata: { name: 'general' } }
const TYPE = {
  name: 'small',
  allocatable: { cpu: '2', memory: '4Gi', pods: '10' },
  offerings: [{ zone: 'a', capacityType: 'on-demand', priceUsdPerHour: 0.05 }],
}
const PROBLEM = { pods: [POD], nodePools: [POOL], instanceTypes: [TYPE] }

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longshore-pack-'))
  const files = {
    'problem.json': PROBLEM,
    'pods.json': { kind: 'List', items: [POD] },
    'pools.yaml': POOL,
    'types.json': [TYPE],
    'bad.json': { pods: [{ ...POD, spec: {} }] },
  }
  for (const [name, value] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(value))
})
after(() => rm(folder, { recursive: true }))

/** Files are named as if the folder was the current one. */
async function pack(args: readonly string[], terminal: Partial<Terminal> = {}, signal = new AbortController().signal) {
  const said = { printed: '', complaints: '' }
  const exitCode = await run(
    args.map((argument) => (/\.(json|yaml)$/.test(argument) ? join(folder, argument) : argument)),
    {
      ...silentTerminal,
      print: (text) => void (said.printed += text),
      complain: (sentence) => void (said.complaints += sentence.replaceAll(`${folder}/`, '')),
      ...terminal,
    },
    signal,
  )
  return { exitCode, ...said }
}

async function* typed(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text)
}

describe('longshore pack', () => {
  for (const { fact, args, input = '' } of [
    { fact: 'reads a problem from a file', args: ['-f', 'problem.json'] },
    { fact: 'reads a problem from standard input', args: [], input: JSON.stringify(PROBLEM) },
    { fact: 'reads a problem from standard input when asked', args: ['-f', '-'], input: JSON.stringify(PROBLEM) },
    { fact: 'takes a dash for standard input', args: ['-'], input: JSON.stringify(PROBLEM) },
    {
      fact: 'reads lists as kubectl prints them',
      args: ['--pods', 'pods.json', '--pools', 'pools.yaml', '--instance-types', 'types.json'],
    },
    {
      fact: 'reads a document and lists beside it',
      args: ['-', '--pods', 'pods.json'],
      input: JSON.stringify({ nodePools: [POOL], instanceTypes: [TYPE] }),
    },
  ]) {
    test(fact, async () => {
      const { exitCode, printed, complaints } = await pack(args, { readInputBytes: () => typed(input) })

      assert.deepEqual([exitCode, complaints], [0, ''])
      const { newNodes }: PlanDocument = JSON.parse(printed)
      assert.deepEqual(
        newNodes.map(({ nodePool, instanceType, pods }) => ({ nodePool, instanceType, pods })),
        [{ nodePool: 'general', instanceType: 'small', pods: ['default/web'] }],
      )
    })
  }

  test('prints what was asked for', async () => {
    const print = async (format: string): Promise<string> => (await pack(['-f', 'problem.json', '-o', format])).printed

    const [yaml, table, svg] = await Promise.all([print('yaml'), print('table'), print('svg')])

    assert.equal(parse(yaml).newNodes[0].instanceType, 'small')
    assert.match(table, /^1 new node for 1 pod: \$0\.0500\/h/)
    assert.match(svg, /^<svg /)
  })

  for (const { args, complaint, input = '' } of [
    { args: ['problem.json'], complaint: 'unexpected argument "problem.json": problems come with -f' },
    { args: ['-o', 'text'], complaint: '--output wants json, yaml, table or svg, not "text"' },
    { args: ['--time-limit-ms', '0'], complaint: '--time-limit-ms wants a whole number of milliseconds, not "0"' },
    { args: ['--podz', 'x'], complaint: 'unknown flag --podz; "longshore help pack" lists the flags' },
    { args: ['-f', '-', '--pods', '-'], complaint: 'standard input can be read only once' },
    { args: ['-f', 'bad.json'], complaint: 'bad.json: pods[0].spec.containers wants a list, but is missing' },
    { args: [], input: '{', complaint: 'standard input: line 1 wants a name in quotes or }, but the text ends' },
    { args: [], complaint: 'standard input: wants a JSON or YAML document, but is empty' },
    { args: ['--nodes', 'pods.json'], complaint: 'pods.json: items[0].kind wants Node, not "Pod"' },
    {
      args: ['-f', 'none.json'],
      complaint: "none.json cannot be read: ENOENT: no such file or directory, open 'none.json'",
    },
  ]) {
    test(`refuses ${args.join(' ') || `"${input}"`} with one sentence and prints nothing`, async () => {
      const answer = await pack(args, { readInputBytes: () => typed(input) })

      assert.deepEqual(answer, { exitCode: 1, printed: '', complaints: complaint })
    })
  }

  test('tells of an overlay that meets nothing, and goes on', async () => {
    const overlays = [{ name: 'lost', requirements: [{ key: 'a', operator: 'Exists' }], price: 1 }]
    const input = JSON.stringify({ ...PROBLEM, overlays })
    let noted = ''

    const { exitCode } = await pack([], { readInputBytes: () => typed(input), note: (text) => void (noted += text) })

    assert.deepEqual([exitCode, noted], [0, 'note: overlay "lost" meets no instance type: is a label misspelt?\n'])
  })

  test('ends without a word when it is interrupted', async () => {
    const controller = new AbortController()
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (let count = 0; ; count += 1) {
        if (count === 3) controller.abort()
        yield new TextEncoder().encode(' ')
      }
    }

    const answer = await pack(['-'], { readInputBytes: endless }, controller.signal)

    assert.deepEqual(answer, { exitCode: 130, printed: '', complaints: '' })
  })
})

describe('packing in a thread', () => {
  const thread = { entry: silentTerminal.entry }
  const never = new AbortController().signal

  test('takes a problem that is in memory', async () => {
    const heard: string[] = []
    const onProgress = ({ type }: { readonly type: string }): void => void heard.push(type)

    const { newNodes, stats } = await packInWorker({ ...PROBLEM, options: undefined }, { ...thread, onProgress }, never)

    assert.deepEqual([newNodes.length, stats.pods], [1, 1])
    assert.deepEqual([...new Set(heard)], ['reading', 'packing'])
  })

  test('takes an empty problem', async () => {
    const { newNodes } = await packInWorker({}, thread, never)

    assert.deepEqual(newNodes, [])
  })

  test('refuses what it would refuse here', async () => {
    await assert.rejects(
      packInWorker({ pods: 1 }, thread, never),
      new InputProblem('the problem: pods wants a list, not 1'),
    )
  })
})

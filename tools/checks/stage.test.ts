import assert from 'node:assert/strict'
import { execPath } from 'node:process'
import { test } from 'node:test'
import { nodeStage, runStages } from './stage.ts'

const never = new AbortController().signal
const passing = nodeStage('passing', '--eval', '')
const hanging = nodeStage('hanging', '--eval', 'setInterval(() => {}, 1000)')
const unheard = (): void => {}

test('all stages that pass are no failure, and each is told', async () => {
  const lines: string[] = []

  const failure = await runStages([passing, passing], never, (line) => lines.push(line.replace(/[\d.]+ s$/, 'N s')))

  assert.equal(failure, undefined)
  assert.deepEqual(lines, ['✔ passing            N s', '✔ passing            N s'])
})

test('a stage that fails is answered with what it printed on either stream', async () => {
  const program = 'console.log("out"); console.error("err"); process.exitCode = 2'

  const failure = await runStages([nodeStage('failing', '--eval', program), passing], never, unheard)

  assert.equal(failure?.name, 'failing')
  assert.deepEqual(failure?.output.trim().split('\n').sort(), ['err', 'out'])
})

test('a stage that fails ends the others', async () => {
  const failure = await runStages([hanging, nodeStage('failing', '--eval', 'process.exitCode = 1')], never, unheard)

  assert.equal(failure?.name, 'failing')
})

test('a program that cannot be started is a failure that names it', async () => {
  const failure = await runStages([{ name: 'missing', command: `${execPath}-is-not-there`, args: [] }], never, unheard)

  assert.match(failure?.output ?? '', /ENOENT/)
})

test('a signal ends what hangs', async () => {
  const failure = await runStages([hanging], AbortSignal.timeout(100), unheard)

  assert.equal(failure?.name, 'hanging')
})

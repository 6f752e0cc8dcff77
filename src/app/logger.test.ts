import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Failure } from '../core/failure.ts'
import { createLogger, type LogLevel } from './logger.ts'

function createRecordedLogger(level: LogLevel) {
  const lines: string[] = []
  const log = createLogger({ level, destination: { write: (line) => lines.push(line) } })
  return { log, entries: () => lines.map((line): unknown => JSON.parse(line)) }
}

test('writes a constant message with its fields, those of the parents included', () => {
  const { log, entries } = createRecordedLogger('info')

  log.child({ controller: 'ecs' }).info({ name: 'web' }, 'applied step')

  const [entry] = entries()
  assert.ok(typeof entry === 'object' && entry !== null && 'time' in entry)
  assert.deepEqual(
    { ...entry, time: '' },
    { level: 'info', time: '', controller: 'ecs', name: 'web', msg: 'applied step' },
  )
  assert.match(String(entry.time), /^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
})

test('leaves out what is below its level', () => {
  const { log, entries } = createRecordedLogger('warn')

  log.debug({}, 'a')
  log.info({}, 'b')
  log.warn({}, 'c')
  log.error({}, 'd')

  assert.equal(entries().length, 2)
})

test('writes errors with what caused them', () => {
  const { log, entries } = createRecordedLogger('debug')

  log.error({ error: new Failure('timeout', 'GET pods', { cause: new Error('socket hang up') }) }, 'failed')

  assert.match(JSON.stringify(entries()), /GET pods failed: timeout.*socket hang up/)
})

import assert from 'node:assert/strict'
import { SourceMap } from 'node:module'
import { test } from 'node:test'
import { ownSourceMap, type SourceMap as Map } from './own-source-map.ts'

/**
 * Made by hand; segments are [column, source, line, column], relative to those before:
 * line 0: column 0 → package 4:2; column 10 → a.ts 0:0; column 20 → a.ts 0:9; column 30 → a.ts 40:2
 * line 1: column 0 → b.ts 7:1; column 600 → package 4:2
 * line 2: column 0 → b.ts 9:0
 */
const MAP: Map = {
  version: 3,
  sources: ['../node_modules/zod/index.js', '../src/a.ts', '../src/b.ts'],
  mappings: 'AAIE,UCJF,UAAS,UAwCP;ACjCD,wlBFHC;AEKF',
}

interface Payload extends Map {
  readonly file: string
  readonly sourcesContent: string[]
  readonly sources: string[]
  readonly names: string[]
  readonly sourceRoot: string
}

function payloadFrom({ version, sources, mappings }: Map): Payload {
  return { version, sources: [...sources], mappings, file: '', sourcesContent: [], names: [], sourceRoot: '' }
}

/** What Node makes of the map. */
function originAt(map: Map, [line, column]: readonly [number, number]): string | undefined {
  const entry = new SourceMap(payloadFrom(map)).findEntry(line, column)
  return 'originalSource' in entry && entry.originalSource !== undefined
    ? `${entry.originalSource}:${entry.originalLine}`
    : undefined
}

const POSITIONS = [
  { at: [0, 5], full: '../node_modules/zod/index.js:4', own: undefined },
  { at: [0, 12], full: '../src/a.ts:0', own: '../src/a.ts:0' },
  { at: [0, 25], full: '../src/a.ts:0', own: '../src/a.ts:0' },
  { at: [0, 99], full: '../src/a.ts:40', own: '../src/a.ts:40' },
  { at: [1, 599], full: '../src/b.ts:7', own: '../src/b.ts:7' },
  { at: [1, 601], full: '../node_modules/zod/index.js:4', own: undefined },
  { at: [2, 0], full: '../src/b.ts:9', own: '../src/b.ts:9' },
] as const

for (const { at, full, own } of POSITIONS) {
  test(`a stack finds ${own ?? 'no source'} at ${at.join(':')}`, () => {
    assert.equal(originAt(MAP, at), full)
    assert.equal(originAt(ownSourceMap(MAP), at), own)
  })
}

test('sources of packages are not listed, nor further places on a line', () => {
  const { sources, mappings } = ownSourceMap(MAP)

  assert.deepEqual(sources, ['../src/a.ts', '../src/b.ts'])
  assert.equal(mappings.split(',').length + mappings.split(';').length - 1, 6)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { paletteFor } from './colour.ts'

for (const { fact, isInteractive, environment, isColoured } of [
  { fact: 'where a person watches', isInteractive: true, environment: {}, isColoured: true },
  { fact: 'not into a file or a pipe', isInteractive: false, environment: {}, isColoured: false },
  { fact: 'not with NO_COLOR', isInteractive: true, environment: { NO_COLOR: '1' }, isColoured: false },
  // no-color.org: "when present and not an empty string (regardless of its value)".
  {
    fact: 'not with NO_COLOR, whatever it says',
    isInteractive: true,
    environment: { NO_COLOR: '0' },
    isColoured: false,
  },
  { fact: 'with an empty NO_COLOR', isInteractive: true, environment: { NO_COLOR: '' }, isColoured: true },
  { fact: 'not on a dumb terminal', isInteractive: true, environment: { TERM: 'dumb' }, isColoured: false },
  { fact: 'on any other', isInteractive: true, environment: { TERM: 'xterm-256color' }, isColoured: true },
]) {
  test(`there are colours ${fact}: ${isColoured}`, () => {
    const { red } = paletteFor({ isInteractive, environment })

    assert.equal(red('no'), isColoured ? '\u001B[31mno\u001B[39m' : 'no')
  })
}

test('each colour ends by itself, so that one within another leaves it as it was', () => {
  const { bold, green } = paletteFor({ isInteractive: true, environment: {} })

  assert.equal(bold(`a${green('b')}c`), '\u001B[1ma\u001B[32mb\u001B[39mc\u001B[22m')
})

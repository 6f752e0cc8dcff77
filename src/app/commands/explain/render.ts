import type { Palette } from '../world/colour.ts'
import { inWords } from '../world/in-words.ts'
import { SIGNS } from '../world/signs.ts'
import { blameLines } from './blame/render.ts'
import type { Explanation, Owned, ToldCondition } from './explanation.ts'

/** The explanation for people: one heading for each question, and none for those without an answer. */
export function renderExplanation(explanation: Explanation, palette: Palette): string {
  const { object, summary, waitingFor, references, held, next } = explanation
  const sections = [
    section(
      'Conditions',
      explanation.conditions.flatMap((condition, index) =>
        conditionLines(condition, palette, explanation.conditions.slice(0, index)),
      ),
      palette,
    ),
    section('Waits for', waitingFor ? [waitLine(waitingFor, explanation.conditions, palette)] : [], palette),
    section(
      'Refers to',
      references.map(({ field, object: target, state }) => `${field}: ${target}: ${state}`),
      palette,
    ),
    section(
      'Owns in AWS',
      explanation.isOwnedUnknown
        ? ['Not known: status was lost. It is made again from AWS as soon as nothing above stands in the way.']
        : explanation.owned.flatMap((owned) => ownedLines(owned, palette)),
      palette,
    ),
    section(
      'Held back',
      held.map(({ effect, summary: what }) => `${SIGNS[effect]} ${what}`),
      palette,
    ),
    section(
      'Last events',
      explanation.events.map((event) => eventLine(event, palette, explanation.conditions)),
      palette,
    ),
    section('Who changed it in AWS', explanation.blame ? blameLines(explanation.blame, palette) : [], palette),
    section('What to do', next, palette),
  ]
  return [`${palette.bold(object)}: ${summary}.\n`, ...sections.filter((text) => text !== '')].join('\n')
}

function section(title: string, lines: readonly string[], { bold }: Palette): string {
  return lines.length === 0 ? '' : [bold(title), ...lines.map((line) => `  ${line}`), ''].join('\n')
}

function conditionLines(
  condition: ToldCondition,
  { dim, green, red, yellow }: Palette,
  before: readonly ToldCondition[],
): readonly string[] {
  const { type, status, reason, message, forSeconds, isOutdated } = condition
  const isGood = (status === 'True') === (type === 'Ready' || type === 'Available')
  const paint = isGood ? green : type === 'Stalled' ? red : yellow
  const since = `(for ${inWords(forSeconds)}${isOutdated ? ', about an older edit' : ''})`
  const text = isTold(message, before) ? [] : [`  ${message}`]
  return [`${paint(`${type} ${status}`)}  ${reason}  ${dim(since)}`, ...text]
}

function waitLine(
  { message, forSeconds }: NonNullable<Explanation['waitingFor']>,
  conditions: readonly ToldCondition[],
  { dim }: Palette,
): string {
  return `${isTold(message, conditions) ? '(as above)' : message}  ${dim(`(for ${inWords(forSeconds)})`)}`
}

function isTold(text: string, conditions: readonly ToldCondition[]): boolean {
  return conditions.some(({ message }) => message === text)
}

function ownedLines({ type, id, origin, onDeletion, state, figures }: Owned, { dim }: Palette): readonly string[] {
  const list = Object.entries(figures).map(([name, value]) => `${name} ${value}`)
  return [
    `${type} ${id}: ${state}  ${dim(`(${origin.toLowerCase()}; ${onDeletion} when the object goes)`)}`,
    ...(list.length === 0 ? [] : [dim(`  ${list.join(', ')}`)]),
  ]
}

function eventLine(
  { agoSeconds, type, reason, note, count }: Explanation['events'][number],
  { dim, yellow }: Palette,
  conditions: readonly ToldCondition[],
): string {
  const times = count > 1 ? ` ×${count}` : ''
  const word = type === 'Warning' ? yellow(reason) : reason
  const told = isTold(note, conditions) ? '(as above)' : note
  return `${dim(`${inWords(agoSeconds)} ago`.padEnd(11))}  ${word}${times}  ${told}`
}

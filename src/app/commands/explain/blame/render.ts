import type { Palette } from '../../world/colour.ts'
import { inWords } from '../../world/in-words.ts'
import { renderChange } from '../../plan/render.ts'
import { SIGNS } from '../../world/signs.ts'
import type { Blame, BlamedDifference } from './blame.ts'
import type { ToldChange } from './told-change.ts'

/** Lines of the section on who changed what in AWS. */
export function blameLines({ differences, changes, own, notes }: Blame, palette: Palette): readonly string[] {
  const told = new Set(differences.map(({ by }) => by?.eventId))
  const others = changes.filter(({ eventId }) => !told.has(eventId))
  return [
    ...differences.flatMap((difference) => differenceLines(difference, palette)),
    ...others.flatMap((change) => changeLines(change, palette)),
    ...(differences.length === 0 && changes.length === 0 ? ['CloudTrail shows no change by anybody else.'] : []),
    ...ownLines(own, palette),
    ...notes.map((note) => palette.dim(note)),
  ]
}

function differenceLines({ effect, summary, changes, by }: BlamedDifference, palette: Palette): readonly string[] {
  return [
    palette.yellow(`${SIGNS[effect]} ${summary}`),
    ...changes.map((change) => `    ${renderChange(change, palette)}`),
    ...causeLines(by, palette).map((line) => `    ${line}`),
  ]
}

function causeLines(by: ToldChange | undefined, palette: Palette): readonly string[] {
  if (by === undefined) return ['CloudTrail shows nobody who changed that.']
  if (!by.isOwn) return changeLines(by, palette)
  return ['CloudTrail shows nobody who changed that after the operator itself:', ...changeLines(by, palette)]
}

function changeLines(change: ToldChange, { bold, dim }: Palette): readonly string[] {
  const { at, agoSeconds, call, type, id, principal, tool, from, eventId } = change
  return [
    `${inWords(agoSeconds)} ago: ${call} on ${type} ${id}  ${dim(`(${at})`)}`,
    `  by ${bold(principal)}, with ${tool}${from === undefined ? '' : `, from ${from}`}  ${dim(`(event ${eventId})`)}`,
  ]
}

function ownLines({ count, principals }: Blame['own'], { dim }: Palette): readonly string[] {
  if (count === 0) return []
  return [
    dim(`Left out: ${count} ${count === 1 ? 'call' : 'calls'} of the operator itself, by ${principals.join(', ')}.`),
  ]
}

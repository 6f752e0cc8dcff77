import type { Foretold } from '../../../reconciler/resource.ts'
import type { Palette } from '../world/colour.ts'
import { SIGNS } from '../world/signs.ts'
import type { FieldChange } from './field-changes.ts'
import type { ObjectPlan, PlannedStep } from './object-plan.ts'
import type { PlanDocument } from './summary.ts'

/** The plan for people: objects that change as a diff, the rest as a number. */
export function renderPlan(plan: PlanDocument, palette: Palette): string {
  const objects = plan.objects.filter(isWorthTelling).map((object) => renderObject(object, palette))
  return [...objects, renderTotals(plan, palette)].join('\n')
}

function isWorthTelling({ action, errors, waits }: ObjectPlan): boolean {
  return action !== 'none' || errors.length > 0 || waits.length > 0
}

function coloured(action: ObjectPlan['action'], text: string, { green, red, yellow }: Palette): string {
  switch (action) {
    case 'create':
      return green(text)
    case 'change':
      return yellow(text)
    case 'delete':
      return red(text)
    case 'none':
      return text
  }
}

function renderObject(object: ObjectPlan, palette: Palette): string {
  const { action, kind, namespace, name, place = 'in no file' } = object
  const title = coloured(action, `${action === 'none' ? ' ' : SIGNS[action]} ${kind} ${namespace}/${name}`, palette)
  const lines = [
    `${palette.bold(title)}  ${palette.dim(`(${place})`)}`,
    ...object.spec.map((change) => `    ${renderChange(change, palette)}`),
    ...driftLine(object),
    ...renderSteps(object.steps, palette),
    ...holdLine(object, palette),
    ...object.waits.map((wait) => `    ${palette.dim(`waits: ${wait}`)}`),
    ...object.errors.map((error) => `    ${palette.red(`error: ${error}`)}`),
  ]
  return `${lines.join('\n')}\n`
}

function driftLine({ action, spec, steps }: ObjectPlan): readonly string[] {
  return action === 'change' && spec.length === 0 && steps.length > 0
    ? ['    the manifest changes nothing: AWS differs from what it says']
    : []
}

function renderSteps(steps: readonly PlannedStep[], palette: Palette): readonly string[] {
  const width = Math.max(0, ...steps.map(({ summary }) => summary.length))
  return steps.flatMap(({ effect, summary, call = '', changes, foretold }) => [
    `  ${coloured(effect, `${SIGNS[effect]} ${summary.padEnd(width)}`, palette)}  ${palette.dim(call)}`.trimEnd(),
    ...changes.map((change) => `      ${renderChange(change, palette)}`),
    ...(foretold === undefined ? [] : foretoldLines(foretold, palette)),
  ])
}

function foretoldLines({ summary, details }: Foretold, { dim }: Palette): readonly string[] {
  return [`      ${summary}`, ...details.map((detail) => dim(`        ${detail}`))]
}

/** One field, before and after. */
export function renderChange({ field, ...change }: FieldChange, { green, red }: Palette): string {
  const before = change.before && withoutArn(change.before)
  const after = change.after && withoutArn(change.after)
  if (before === undefined) return `${field}: ${green(after ?? '')}`
  if (after === undefined) return `${field}: ${red(before)} → ${red('(removed)')}`
  return `${field}: ${red(before)} → ${green(before === after ? `${after}, changed` : after)}`
}

/** What people call the thing: the account and the region are the same on every line. */
function withoutArn(text: string): string {
  return text.replace(/^arn:[^/\s]*\//, '')
}

function holdLine({ restraint, steps }: ObjectPlan, { yellow }: Palette): readonly string[] {
  const sentence = holdSentence(restraint)
  return sentence === undefined || (steps.length === 0 && restraint !== 'paused') ? [] : [`    ${yellow(sentence)}`]
}

function holdSentence(restraint: ObjectPlan['restraint']): string | undefined {
  switch (restraint) {
    case 'none':
      return undefined
    case 'paused':
      return 'held: longshore.dev/paused is "true", so nothing is looked at'
    case 'observe':
      return 'held: longshore.dev/mode is Observe, so the steps are only shown in status.plan'
    case 'report':
      return 'held: longshore.dev/drift is Report, so the difference is only reported'
    case 'adopt':
      return 'held: what exists is taken over, but changed only once longshore.dev/adopt is "accept"'
  }
}

function renderTotals({ totals, calls, expected, notes, objects }: PlanDocument, { bold, dim }: Palette): string {
  const counts = [
    [totals.create, 'to create'],
    [totals.change, 'to change'],
    [totals.delete, 'to delete'],
    [totals.none, 'unchanged'],
  ] as const
  const failing = objects.filter(({ errors }) => errors.length > 0).length
  const parts = [
    ...counts.map(([count, what]) => `${count} ${what}`),
    ...(failing > 0 ? [`${failing} with errors`] : []),
  ]
  return [
    bold(`Plan: ${parts.join(', ')}.`),
    ...callLines(calls, expected),
    ...notes.map((note) => dim(`Note: ${note}`)),
    '',
  ].join('\n')
}

function callLines(calls: PlanDocument['calls'], { seconds, slowest }: PlanDocument['expected']): readonly string[] {
  const entries = Object.entries(calls)
  if (entries.length === 0) return []
  const total = entries.reduce((sum, [, count]) => sum + count, 0)
  const list = entries.map(([call, count]) => (count === 1 ? call : `${call} ×${count}`)).join(', ')
  const time =
    seconds === 0
      ? `AWS's request limits allow ${total === 1 ? 'it' : 'them'} at once`
      : `AWS's request limits spread them over at least ${inWords(seconds)} (${slowest})`
  return [`${total} AWS ${total === 1 ? 'write' : 'writes'}: ${list}. ${time}.`]
}

function inWords(seconds: number): string {
  if (seconds < 120) return `${seconds} s`
  return `${Math.ceil(seconds / 60)} min`
}

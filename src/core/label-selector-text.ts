import type { LabelExpression, LabelSelector } from './label-selector.ts'

// Names and values of labels: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
const WORD = '[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?'
const PREFIX = '[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?/'
const KEY = `(?:${PREFIX})?${WORD}`
const VALUE = `(?:${WORD})?`
const LIST = `\\( *${VALUE}(?: *, *${VALUE})* *\\)`
const REQUIREMENT = `(?:! *${KEY}|${KEY}(?: *(?:==?|!=) *${VALUE}| +(?:in|notin) *${LIST})?)`

/** Selectors as `kubectl --selector` takes them: `team=blue,env in (test, prod),!legacy`. Never empty. */
export const LABEL_SELECTOR_TEXT = new RegExp(`^ *${REQUIREMENT}(?: *, *${REQUIREMENT})* *$`)

const PART = new RegExp(`(! *)?(${KEY})(?: *(==?|!=) *(${VALUE})| +(in|notin) *(${LIST}))?`, 'g')

/** What a text that `LABEL_SELECTOR_TEXT` matches selects; all of its requirements have to hold. */
export function labelSelectorFrom(text: string): LabelSelector {
  return { matchExpressions: [...text.matchAll(PART)].map(expressionFrom) }
}

function expressionFrom([, not, key = '', sign, value = '', word, list = '']: RegExpMatchArray): LabelExpression {
  if (not !== undefined) return { key, operator: 'DoesNotExist' }
  if (sign !== undefined) return { key, operator: sign === '!=' ? 'NotIn' : 'In', values: [value] }
  if (word !== undefined) return { key, operator: word === 'in' ? 'In' : 'NotIn', values: valuesIn(list) }
  return { key, operator: 'Exists' }
}

function valuesIn(list: string): readonly string[] {
  return list
    .slice(1, -1)
    .split(',')
    .map((value) => value.trim())
}

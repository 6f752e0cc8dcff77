import { isRecord } from './http.ts'
import type { ListShape, MapShape, Member, Shape, StructureShape } from './shape.ts'
import { formatOr, writeTimestamp } from './timestamp.ts'

/** The members of a structure as XML elements, without an element around them. */
export function membersToXml(value: Readonly<Record<string, unknown>>, shape: StructureShape): string {
  return Object.entries(value)
    .map(([name, element]) => {
      const member = shape.members.get(name)
      if (!member || element === undefined || element === null) return ''
      return memberToXml(element, member, member.traits.xmlName ?? name)
    })
    .join('')
}

export function element(name: string, content: string): string {
  return `<${name}>${content}</${name}>`
}

/** A whole document: declaration and root element. */
export function rootElement(name: string, namespace: string | undefined, content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="${namespace ?? ''}">${content}</${name}>`
}

function memberToXml(value: unknown, member: Member, name: string): string {
  const { shape, traits } = member
  if (shape.type === 'list' && Array.isArray(value)) {
    const elementName = traits.isFlattened ? name : (shape.element.traits.xmlName ?? 'member')
    const elements = listToXml(value, shape, elementName)
    return traits.isFlattened ? elements : element(name, elements)
  }
  if (shape.type === 'map' && isRecord(value)) {
    const entries = mapToXml(value, shape, traits.isFlattened ? name : 'entry')
    return traits.isFlattened ? entries : element(name, entries)
  }
  return element(name, contentOf(value, shape))
}

function listToXml(values: readonly unknown[], shape: ListShape, name: string): string {
  return values.map((value) => memberToXml(value, shape.element, name)).join('')
}

function mapToXml(values: Readonly<Record<string, unknown>>, shape: MapShape, name: string): string {
  const keyName = shape.key.traits.xmlName ?? 'key'
  const valueName = shape.value.traits.xmlName ?? 'value'
  return Object.entries(values)
    .map(([key, value]) => element(name, element(keyName, escapeXml(key)) + memberToXml(value, shape.value, valueName)))
    .join('')
}

function contentOf(value: unknown, shape: Shape): string {
  if (shape.type === 'structure') return isRecord(value) ? membersToXml(value, shape) : ''
  if (value instanceof Date) {
    return String(writeTimestamp(value, formatOr(shape.type === 'timestamp' ? shape.format : 'default', 'date-time')))
  }
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  return escapeXml(String(value))
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\r': '&#xD;',
}

/** Escapes text for element content. */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"'\r]/g, (character) => ESCAPES[character] ?? character)
}

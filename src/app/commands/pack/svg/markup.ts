/** An SVG element; numbers are rounded to what eyes can see. The content is markup: texts go through `textAt` or `tooltip`. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number | undefined>>,
  content = '',
): string {
  const list = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${typeof value === 'number' ? rounded(value) : escaped(value)}"`],
  )
  return content === '' ? `<${name}${list.join('')}/>` : `<${name}${list.join('')}>${content}</${name}>`
}

export function rounded(number: number): string {
  return String(Math.round(number * 10) / 10)
}

/** What a mouse over its parent shows. */
export function tooltip(text: string): string {
  return `<title>${escaped(text)}</title>`
}

export function textAt(x: number, y: number, style: string, text: string): string {
  return element('text', { x, y, class: style }, escaped(text))
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

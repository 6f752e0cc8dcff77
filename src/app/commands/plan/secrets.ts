/** Names of members that may hold a secret themselves. `valueFrom` and the like name where one is kept, and are shown. */
const SECRET_NAME = /(passw(or)?d|passphrase|secret|token|credential|api-?_?key|private-?_?key|access-?_?key)/i
const INLINE =
  /((?:passw(?:or)?d|passphrase|secret|token|credential|api[-_]?key|access[-_]?key)[\w-]*\s*[=:]\s*)[^\s,;&]+/gi
const URL_PASSWORD = /(:\/\/[^\s/:@]*:)[^\s/@]+(?=@)/g
const FLAG = /^--?[\w-]*(passw(or)?d|passphrase|secret|token|credential|api-?_?key|access-?_?key)[\w-]*$/i

/** Whether the value at this path may be one: an environment variable's, or of a member that is named like one. */
export function isSecretPath(path: string): boolean {
  if (/\benvironment(\[[^\]]*\])?\.value$/.test(path)) return true
  const last = path.slice(path.lastIndexOf('.') + 1)
  return SECRET_NAME.test(last) && !/(Arn|From|Ref|Id)(\.|$)/.test(last)
}

/** The value without what looks like a secret in the middle of it: `--password=…`, `token: …`, `://user:…@`. */
export function withoutSecrets(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(INLINE, '$1(hidden)').replace(URL_PASSWORD, '$1(hidden)')
  if (!Array.isArray(value)) return value
  return value.map((element: unknown, index) => {
    const before: unknown = value[index - 1]
    return typeof before === 'string' && FLAG.test(before) ? '(hidden)' : withoutSecrets(element)
  })
}

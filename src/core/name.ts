import { digest } from './hash.ts'

/**
 * Names of AWS objects, derived from a Kubernetes namespace and name. Frozen by test vectors: a name that changed by
 * itself would replace what runs. Two different objects never get the same name: Kubernetes names contain no `_`, which
 * therefore separates unambiguously; where something had to be changed or cut, a hash of the original is appended.
 */
interface NameRules {
  readonly separator: string
  readonly maxLength: number
  readonly isValid: (name: string) => boolean
  /** Makes one part acceptable; may lose information. */
  readonly clean: (part: string) => string
}

const HASH_DIGITS = 8

function deriveName(namespace: string, name: string, rules: NameRules): string {
  const plain = `${namespace}${rules.separator}${name}`
  if (plain.length <= rules.maxLength && rules.isValid(plain)) return plain

  const suffix = `_${digest(`${namespace}/${name}`, HASH_DIGITS)}`
  const cleaned = `${rules.clean(namespace)}${rules.separator}${rules.clean(name)}`
  const cut = cleaned.slice(0, rules.maxLength - suffix.length).replace(/[^A-Za-z0-9]+$/, '')
  return cut + suffix
}

/** Name of an ECS cluster, service or task-definition family: letters, digits, `-`, `_`, at most 255 (ECS API, CreateService). */
export function deriveEcsName(namespace: string, name: string): string {
  return deriveName(namespace, name, {
    separator: '_',
    maxLength: 255,
    isValid: (text) => /^[A-Za-z0-9_-]+$/.test(text),
    clean: (part) => part.replace(/[^A-Za-z0-9-]+/g, '-'),
  })
}

/** Name of an ECR repository: lower-case path parts with single separators inside, 2–256 (ECR API, CreateRepository). */
export function deriveEcrRepositoryName(namespace: string, name: string): string {
  return deriveName(namespace, name, {
    separator: '/',
    maxLength: 256,
    isValid: (text) => /^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/.test(text),
    clean: (part) => part.replace(/[^a-z0-9]+/g, '-'),
  })
}

/** Name of a log group: `/longshore/<namespace>/<name>`; always within 512 characters (CloudWatch Logs API, CreateLogGroup). */
export function deriveLogGroupName(namespace: string, name: string): string {
  return `/longshore/${namespace}/${name}`
}

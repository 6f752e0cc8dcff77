import { canonicalJson, contentHash } from '../../core/hash.ts'
import type { DesiredContent } from './desired.ts'

type JsonObject = Readonly<Record<string, unknown>>

/**
 * AWS's own defaults (ECS API reference, RegisterTaskDefinition and its types; for Fargate where they differ). An array
 * holds the defaults of each of its elements. Frozen together with the hash: an entry may only be added for a member
 * that no spec could have before.
 */
const DEFAULTS: JsonObject = {
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  enableFaultInjection: false,
  runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
  proxyConfiguration: { type: 'APPMESH' },
  volumes: [
    {
      configuredAtLaunch: false,
      efsVolumeConfiguration: {
        rootDirectory: '/',
        transitEncryption: 'DISABLED',
        authorizationConfig: { iam: 'DISABLED' },
      },
      s3filesVolumeConfiguration: { rootDirectory: '/' },
    },
  ],
  containerDefinitions: [
    {
      cpu: 0,
      essential: true,
      interactive: false,
      pseudoTerminal: false,
      readonlyRootFilesystem: false,
      stopTimeout: 30,
      versionConsistency: 'enabled',
      portMappings: [{ protocol: 'tcp' }],
      mountPoints: [{ readOnly: false }],
      volumesFrom: [{ readOnly: false }],
      healthCheck: { interval: 30, timeout: 5, retries: 3 },
      linuxParameters: { initProcessEnabled: false },
      restartPolicy: { restartAttemptPeriod: 300 },
    },
  ],
}

/** Lists in which AWS gives the order no meaning. */
const UNORDERED = new Set([
  'environment',
  'secrets',
  'secretOptions',
  'ulimits',
  'systemControls',
  'mountPoints',
  'portMappings',
  'dependsOn',
  'volumes',
  'properties',
])

/**
 * The hash that a revision with this content carries, whoever wrote it down how: absent and AWS's default are the same,
 * and so are lists that differ in an order without meaning. Symbols must be resolved.
 */
export function revisionHash(content: DesiredContent): string {
  return contentHash(normalized(content, DEFAULTS) ?? {})
}

/** `value` without what AWS would put there anyway; undefined: nothing is left. */
function normalized(value: unknown, defaults: unknown, name = ''): unknown {
  if (Array.isArray(value)) return normalizedList(value, defaults, name)
  if (!isObject(value)) return value === defaults ? undefined : value

  const entries = Object.entries(withoutEqualHostPort(value))
    .map(([key, member]) => [key, normalized(member, isObject(defaults) ? defaults[key] : undefined, key)] as const)
    .filter(([, member]) => member !== undefined)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

function normalizedList(list: readonly unknown[], defaults: unknown, name: string): unknown {
  if (canonicalJson(list) === canonicalJson(defaults) || list.length === 0) return undefined
  const [first] = Array.isArray(defaults) ? defaults : []
  const elementDefaults = isObject(first) ? first : undefined
  // An element stays even when nothing of it is left: it is there, with defaults alone.
  const elements = list.map((element: unknown) => normalized(element, elementDefaults) ?? {})
  return UNORDERED.has(name) ? elements.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1)) : elements
}

/** Under awsvpc a host port can only repeat the container port (ECS API reference, PortMapping). */
function withoutEqualHostPort({ hostPort, ...rest }: JsonObject): JsonObject {
  return hostPort === undefined || hostPort === rest['containerPort'] ? rest : { ...rest, hostPort }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

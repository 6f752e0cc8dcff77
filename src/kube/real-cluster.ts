import type {
  Cluster,
  KubeObject,
  MergePatch,
  ObjectList,
  ObjectRef,
  ResourceType,
  WatchEvent,
  WatchOptions,
} from './cluster.ts'
import { failureFromErrorEvent, malformed } from './errors.ts'
import { elementsIn, memberOf, stringIn } from '../core/json.ts'
import { linesFrom } from './lines.ts'
import { pathOf, withQuery } from './path.ts'
import type { KubeRequest, Transport } from './transport.ts'

/** A page of 500 large objects may take a busy server a while. */
const LIST_DEADLINE_SECONDS = 60

/** The API server at the other end of `transport`. */
export function createCluster(transport: Transport): Cluster {
  async function requestObject(type: ResourceType, request: KubeRequest, signal: AbortSignal): Promise<KubeObject> {
    return objectFrom(await transport.request(request, signal), type, request.operation)
  }

  return {
    get: (type, ref, signal) => {
      const operation = `GET ${type.plural}`
      return requestObject(type, { operation, method: 'GET', path: pathOf(type, ref) }, signal)
    },

    list: async (type, options, signal) => {
      const request = listRequest(type, options)
      return listFrom(await transport.request(request, signal), type, request.operation)
    },

    watch: (type, options, signal) => watch(transport, type, options, signal),

    create: (type, object, fieldManager, signal) => {
      const { namespace } = object.metadata
      const path = withQuery(pathOf(type, { namespace }), { fieldManager })
      return requestObject(type, { operation: `POST ${type.plural}`, method: 'POST', path, body: object }, signal)
    },

    mergePatch: (type, ref, patch, signal) => requestObject(type, patchRequest(type, ref, patch), signal),

    replace: (type, object, fieldManager, signal) => {
      const path = withQuery(pathOf(type, object.metadata), { fieldManager })
      return requestObject(type, { operation: `PUT ${type.plural}`, method: 'PUT', path, body: object }, signal)
    },

    remove: async (type, ref, signal) => {
      const operation = `DELETE ${type.plural}`
      await transport.request({ operation, method: 'DELETE', path: pathOf(type, ref) }, signal)
    },
  }
}

function listRequest(type: ResourceType, options: Parameters<Cluster['list']>[1]): KubeRequest {
  const { namespace, labelSelector, fieldSelector, limit, continue: token, resourceVersion } = options
  const query = { labelSelector, fieldSelector, limit, continue: token, resourceVersion }
  return {
    operation: `LIST ${type.plural}`,
    method: 'GET',
    path: withQuery(pathOf(type, { namespace }), query),
    deadlineSeconds: LIST_DEADLINE_SECONDS,
  }
}

function patchRequest(type: ResourceType, ref: ObjectRef, patch: MergePatch): KubeRequest {
  const { body, subresource, fieldManager } = patch
  return {
    operation: `PATCH ${type.plural}${subresource === undefined ? '' : `/${subresource}`}`,
    method: 'PATCH',
    path: withQuery(pathOf(type, { ...ref, subresource }), { fieldManager }),
    body,
    contentType: 'application/merge-patch+json',
  }
}

async function* watch(
  transport: Transport,
  type: ResourceType,
  { onOpen, ...options }: WatchOptions,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, void, void> {
  const operation = `WATCH ${type.plural}`
  const pieces = await transport.stream({ operation, method: 'GET', path: watchPath(type, options) }, signal)
  onOpen?.()
  for await (const line of linesFrom(pieces)) yield eventFrom(line, type, operation)
}

function watchPath(type: ResourceType, options: Omit<WatchOptions, 'onOpen'>): string {
  const { namespace, sendInitialEvents = false, ...others } = options
  const initial = sendInitialEvents ? { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' } : {}
  return withQuery(pathOf(type, { namespace }), {
    watch: 'true',
    allowWatchBookmarks: 'true',
    ...initial,
    ...others,
  })
}

function eventFrom(line: string, type: ResourceType, operation: string): WatchEvent {
  const event = parseLine(line, operation)
  const kind = memberOf(event, 'type')
  const object = memberOf(event, 'object')
  switch (kind) {
    case 'ADDED':
    case 'MODIFIED':
    case 'DELETED':
      return { type: kind, object: objectFrom(object, type, operation) }
    case 'BOOKMARK':
      return bookmarkFrom(object, operation)
    case 'ERROR':
      throw failureFromErrorEvent(operation, object)
    default:
      throw malformed(operation, `there is no watch event ${String(kind)}`)
  }
}

function parseLine(line: string, operation: string): unknown {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw malformed(operation, 'a line of the watch is not JSON', cause)
  }
}

/** A bookmark is an object of the watched type with nothing in it but its version. */
function bookmarkFrom(object: unknown, operation: string): WatchEvent {
  const metadata = memberOf(object, 'metadata')
  const resourceVersion = stringIn(metadata, 'resourceVersion')
  if (resourceVersion === undefined) throw malformed(operation, 'a bookmark has no version')
  const end = stringIn(memberOf(metadata, 'annotations'), 'k8s.io/initial-events-end')
  return { type: 'BOOKMARK', resourceVersion, initialEventsEnd: end === 'true' }
}

function listFrom(value: unknown, type: ResourceType, operation: string): ObjectList {
  const metadata = memberOf(value, 'metadata')
  const resourceVersion = stringIn(metadata, 'resourceVersion')
  const token = stringIn(metadata, 'continue')
  if (resourceVersion === undefined) throw malformed(operation, 'the answer is not a list')
  return {
    resourceVersion,
    ...(token === undefined ? {} : { continue: token }),
    items: elementsIn(value, 'items').map((item) => objectFrom(item, type, operation)),
  }
}

function objectFrom(value: unknown, type: ResourceType, operation: string): KubeObject {
  if (!isNamed(value)) throw malformed(operation, 'the answer is not a Kubernetes object')
  if (isTyped(value)) return value
  // Items in lists of built-in types carry neither.
  const { apiVersion = apiVersionOf(type), kind = type.kind } = value
  return { ...value, apiVersion, kind }
}

function apiVersionOf({ group, version }: ResourceType): string {
  return group === '' ? version : `${group}/${version}`
}

function isTyped(value: Named): value is KubeObject {
  return value.apiVersion !== undefined && value.kind !== undefined
}

type Named = Omit<KubeObject, 'apiVersion' | 'kind'> & Partial<Pick<KubeObject, 'apiVersion' | 'kind'>>

function isNamed(value: unknown): value is Named {
  return stringIn(memberOf(value, 'metadata'), 'name') !== undefined
}

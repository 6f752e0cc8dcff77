import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type DemoObject, NAMESPACE, conditionOf, isReady } from './objects.ts'

const EXAMPLE = 'examples/first-service'
const IN_NAMESPACE = `--namespace=${NAMESPACE}`
const SERVICE_MANIFEST = fileURLToPath(new URL(join('../..', EXAMPLE, 'service.yaml'), import.meta.url))

/** One thing that a person does, and what must be seen afterwards. */
export interface Chapter {
  readonly title: string
  /** As a person would type it. */
  readonly shown: string
  /** Arguments for kubectl, and what it reads from standard input. */
  readonly kubectl: readonly string[]
  readonly input?: string
  readonly expectation: string
  readonly isMet: (objects: readonly DemoObject[]) => boolean
  readonly limitSeconds: number
}

/** The first service's life, from apply to a rolled-back release. */
export async function chapters(): Promise<readonly Chapter[]> {
  return [
    {
      title: 'A repository, a cluster and a service',
      shown: `kubectl apply -n ${NAMESPACE} -f ${EXAMPLE}`,
      kubectl: ['apply', IN_NAMESPACE, '--filename', EXAMPLE],
      expectation: 'all three objects Ready, one task running',
      isMet: (objects) => objects.length === 3 && objects.every(isReady) && running(objects) === 1,
      limitSeconds: 40,
    },
    {
      title: 'From one task to three',
      shown: `kubectl scale -n ${NAMESPACE} ecsservice hello --replicas=3`,
      kubectl: ['scale', IN_NAMESPACE, 'ecsservice', 'hello', '--replicas=3'],
      expectation: 'the service Ready with three tasks running',
      isMet: (objects) => objects.every(isReady) && running(objects) === 3,
      limitSeconds: 30,
    },
    {
      title: 'A new version',
      ...(await release('v2')),
      expectation: 'the service Ready on its second revision, three tasks running',
      isMet: (objects) => objects.every(isReady) && running(objects) === 3 && isRevision(objects, 2),
      limitSeconds: 40,
    },
    {
      title: 'A broken version, and the circuit breaker',
      ...(await release('v3')),
      expectation: 'the service not Ready, because v3 was rolled back; three tasks of the second revision running',
      isMet: (objects) => isRolledBack(objects) && running(objects) === 3 && isRevision(objects, 2),
      limitSeconds: 60,
    },
  ]
}

/** The last chapter, when nobody stays to look around. */
export const tearDown: Chapter = {
  title: 'Everything goes',
  shown: `kubectl delete -n ${NAMESPACE} -f ${EXAMPLE}`,
  kubectl: ['delete', IN_NAMESPACE, '--wait=false', '--filename', EXAMPLE],
  expectation: 'no object left',
  isMet: (objects) => objects.length === 0,
  limitSeconds: 40,
}

async function release(version: string): Promise<Pick<Chapter, 'shown' | 'kubectl' | 'input'>> {
  const manifest = await readFile(SERVICE_MANIFEST, 'utf8')
  return {
    shown: `sed 's/hello:v1/hello:${version}/' ${EXAMPLE}/service.yaml | kubectl apply -n ${NAMESPACE} -f -`,
    kubectl: ['apply', IN_NAMESPACE, '--filename', '-'],
    input: manifest.replace('hello:v1', `hello:${version}`),
  }
}

function serviceIn(objects: readonly DemoObject[]): DemoObject | undefined {
  return objects.find(({ kind }) => kind === 'EcsService')
}

function running(objects: readonly DemoObject[]): number | undefined {
  return serviceIn(objects)?.status?.runningCount
}

function isRevision(objects: readonly DemoObject[], revision: number): boolean {
  return serviceIn(objects)?.status?.taskDefinitionArn?.endsWith(`:${revision}`) ?? false
}

function isRolledBack(objects: readonly DemoObject[]): boolean {
  const service = serviceIn(objects)
  const ready = service && conditionOf(service, 'Ready')
  return ready?.status === 'False' && ready.reason === 'RolledBack'
}

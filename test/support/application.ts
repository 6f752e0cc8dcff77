import { readFile } from 'node:fs/promises'
import { parse } from 'yaml'
import type { Kubectl } from '../../tools/control-plane/kubectl.ts'
import { exampleAt } from './journey.ts'

/** An Application as a user writes it, as far as tests change it. */
export interface ApplicationManifest {
  readonly metadata: { readonly name: string; readonly namespace: string }
  readonly spec: {
    readonly source: { readonly repoURL: string; readonly path: string }
    readonly destination: { readonly server: string; readonly namespace: string }
    readonly ignoreDifferences?: readonly object[]
    readonly syncPolicy: { readonly syncOptions: readonly string[] }
  }
}

/** What Argo CD says of an Application. */
export interface ApplicationStatus {
  readonly sync?: { readonly status?: string; readonly revision?: string }
  readonly health?: { readonly status?: string }
  readonly reconciledAt?: string
  readonly resources?: readonly ApplicationResource[]
  readonly history?: readonly { readonly revision: string }[]
  readonly operationState?: { readonly phase?: string; readonly message?: string; readonly startedAt?: string }
  readonly conditions?: readonly { readonly type: string; readonly message: string }[]
}

interface ApplicationResource {
  readonly kind: string
  readonly name: string
  readonly status?: string
  readonly health?: { readonly status?: string; readonly message?: string }
}

/** Somewhere else, with other options. */
export interface ApplicationChoice {
  readonly repoURL: string
  readonly namespace: string
}

/** `examples/gitops/application.yaml` with the user's own repository and namespace. */
export async function applicationExample({ repoURL, namespace }: ApplicationChoice): Promise<ApplicationManifest> {
  const manifest: ApplicationManifest = parse(await readFile(exampleAt('gitops/application.yaml'), 'utf8'))
  const { source, destination } = manifest.spec
  const places = { source: { ...source, repoURL }, destination: { ...destination, namespace } }
  return { ...manifest, spec: { ...manifest.spec, ...places } }
}

/** Undefined: there is none. */
export async function applicationStatus(kubectl: Kubectl, name: string): Promise<ApplicationStatus | undefined> {
  const text = await kubectl('get', 'application', name, '--ignore-not-found', '--output=jsonpath={.status}')
  if (text === '') return undefined
  const status: ApplicationStatus = JSON.parse(text)
  return status
}

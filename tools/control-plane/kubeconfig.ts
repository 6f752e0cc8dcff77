import { readFile, writeFile } from 'node:fs/promises'
import type { KeyPair } from './pki.ts'

interface KubeconfigInput {
  readonly server: string
  readonly authority: KeyPair
  readonly client: KeyPair
}

/** Writes a kubeconfig that needs no other file (readable by its owner only, for it holds the key). */
export async function writeKubeconfig(path: string, { server, authority, client }: KubeconfigInput): Promise<void> {
  const cluster = { server, 'certificate-authority-data': await base64Of(authority.certificatePath) }
  const user = {
    'client-certificate-data': await base64Of(client.certificatePath),
    'client-key-data': await base64Of(client.keyPath),
  }
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'local',
    clusters: [{ name: 'local', cluster }],
    users: [{ name: 'local', user }],
    contexts: [{ name: 'local', context: { cluster: 'local', user: 'local' } }],
  }
  // JSON is YAML, and needs no library to be written right.
  await writeFile(path, JSON.stringify(kubeconfig, null, 2), { mode: 0o600 })
}

async function base64Of(path: string): Promise<string> {
  return (await readFile(path)).toString('base64')
}

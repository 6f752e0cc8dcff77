import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'

const SET_UP = fileURLToPath(new URL('../setup.js', import.meta.url))

/** The programs of a control plane. */
export interface Assets {
  readonly etcd: string
  readonly apiServer: string
  readonly kubectl: string
}

/**
 * Finds the programs: `tools/run.js` hands their folder down in KUBEBUILDER_ASSETS; when a test file is run by itself,
 * set-up is asked, which may first have to make them.
 */
export function findAssets(): Assets {
  const folder = env['KUBEBUILDER_ASSETS'] ?? askSetUp()
  return { etcd: join(folder, 'etcd'), apiServer: join(folder, 'kube-apiserver'), kubectl: join(folder, 'kubectl') }
}

function askSetUp(): string {
  return execFileSync(execPath, [SET_UP, '--assets'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  }).trim()
}

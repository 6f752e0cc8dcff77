import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { env, execPath } from 'node:process'
import { fileURLToPath } from 'node:url'

const SET_UP = fileURLToPath(new URL('../setup.js', import.meta.url))

/** Where a folder with Argo CD and kstatus is handed down. */
export const GITOPS_TOOLS_VARIABLE = 'LONGSHORE_GITOPS_TOOLS'

/** What the tests of GitOps need of others' programs. */
export interface GitopsTools {
  readonly folder: string
  /** Argo CD's programs, by their name as first argument (tools/gitops/argocd/main.go). */
  readonly argocd: string
  /** Says what kstatus makes of objects (tools/gitops/kstatus/main.go). */
  readonly kstatus: string
  /** Folder with Argo CD's resource definitions. */
  readonly crds: string
}

/** Finds them; set-up may first have to build them, which takes minutes. */
export function findGitopsTools(): GitopsTools {
  const folder = env[GITOPS_TOOLS_VARIABLE] ?? askSetUp()
  return { folder, argocd: join(folder, 'argocd'), kstatus: join(folder, 'kstatus'), crds: join(folder, 'crds') }
}

function askSetUp(): string {
  const stdio: ['ignore', 'pipe', 'inherit'] = ['ignore', 'pipe', 'inherit']
  return execFileSync(execPath, [SET_UP, '--gitops-tools'], { encoding: 'utf8', stdio }).trim()
}

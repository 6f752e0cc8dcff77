import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { findGitopsTools } from '../../tools/gitops/gitops-tools.ts'
import { exampleAt } from './journey.ts'

/** What a program makes of an object. */
export interface Verdict {
  readonly status: string
  readonly message?: string
}

/** The health scripts as a user installs them. */
export type HealthScripts = 'by-kind' | 'by-group'

/** What Argo CD makes of the objects, in their order, by our health scripts; null: it has no opinion. */
export function argoVerdicts(objects: readonly object[], scripts: HealthScripts): Promise<readonly (Verdict | null)[]> {
  return judge(findGitopsTools().argocd, ['health', exampleAt(`gitops/argocd-cm/${scripts}.yaml`)], objects)
}

/** What kstatus, by which Flux and `helm --wait` go, makes of the objects, in their order. */
export function kstatusVerdicts(objects: readonly object[]): Promise<readonly Verdict[]> {
  return judge(findGitopsTools().kstatus, [], objects)
}

async function judge<T>(program: string, args: readonly string[], objects: readonly object[]): Promise<readonly T[]> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  child.stdin.end(objects.map((object) => `${JSON.stringify(object)}\n`).join(''))
  const answers = await text(child.stdout)
  const [code] = await ended
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
  return answers
    .trimEnd()
    .split('\n')
    .map((line): T => JSON.parse(line))
}

import { leadingPod, nextLeader, signalPod, writers } from '../../test/support/kind/operators.ts'
import { NAMESPACE as OPERATOR } from '../../test/support/kind/release.ts'
import type { KindStage } from '../../test/support/kind/stage.ts'
import { NAMESPACE } from './stage.ts'

/** In seconds from the signal to the leader. */
export interface HandoverFigures {
  /** Until another pod has the lease. */
  readonly leadsSeconds: number
  /** Until AWS sees what a user asked for meanwhile. */
  readonly editSeconds: number
}

let edits = 0

/** Ends the operator of the leading pod while a user creates something; both pods are ready again when it resolves. */
export async function replaceLeader(stage: KindStage, signal: 'KILL' | 'TERM'): Promise<HandoverFigures> {
  const { kubectl, apply } = stage
  const leader = await leadingPod(stage)
  const name = `edit-${(edits += 1)}`
  const signalledAt = await signalPod(stage, leader, signal)
  await apply({
    apiVersion: 'longshore.dev/v1alpha1',
    kind: 'EcrRepository',
    metadata: { name, namespace: NAMESPACE },
    spec: {},
  })
  const next = await nextLeader(stage, leader.holder)
  await kubectl('wait', `ecrrepository/${name}`, '--namespace', NAMESPACE, '--for=condition=Ready', '--timeout=180s')
  // Asked for once: thousands of calls keep simulated AWS busy.
  const write = (await writers(stage)).find(({ parameters }) =>
    JSON.stringify(parameters).includes(`${NAMESPACE}/${name}"`),
  )
  if (write === undefined) throw new Error(`AWS was not asked for ${name}`)
  const where = ['--namespace', OPERATOR, '--selector=app.kubernetes.io/component=operator'] as const
  await kubectl('wait', 'pods', ...where, '--for=condition=Ready', '--timeout=120s')
  return {
    leadsSeconds: (next.sinceMs - signalledAt) / 1000,
    editSeconds: (write.startMs - signalledAt) / 1000,
  }
}

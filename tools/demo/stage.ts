import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type ApiClient, createApiClient } from '../control-plane/api-client.ts'
import { type ControlPlane, startControlPlane } from '../control-plane/control-plane.ts'
import { createKubectl, installCrds } from '../control-plane/kubectl.ts'
import { createCallLog } from './calls.ts'
import { createEventLog } from './events.ts'
import { NAMESPACE, createObjectLog } from './objects.ts'
import { type Programs, startPrograms } from './programs.ts'
import type { Screen } from './screen.ts'
import { createServiceEventLog } from './service-events.ts'
import { type SimulatorClient, createEcsClient, createSimulatorClient } from './simulator-client.ts'

/** Everything that the demo plays on. */
export interface Stage {
  readonly controlPlane: ControlPlane
  readonly programs: Programs
  readonly api: ApiClient
  readonly simulator: SimulatorClient
  /** Prints what happens until `signal` fires; rejects when a process does not answer any more. */
  readonly narrate: (signal: AbortSignal) => Promise<void>
  readonly stop: () => Promise<void>
}

const CRDS = fileURLToPath(new URL('../../crds', import.meta.url))
const NARRATION_MILLISECONDS = 250

/** Starts the control plane, the simulator and the operator; nothing is left behind if one of them does not start. */
export async function startStage(speed: number, screen: Screen, signal: AbortSignal): Promise<Stage> {
  const controlPlane = await startControlPlane()
  try {
    screen.line('demo', `kube-apiserver and etcd run at ${controlPlane.server}`)
    const kubectl = createKubectl(controlPlane.kubeconfigPath)
    await Promise.all([installCrds(kubectl, CRDS), kubectl('create', 'namespace', NAMESPACE)])
    screen.line('demo', `the custom resource definitions are installed, and there is a namespace ${NAMESPACE}`)
    const programs = await startPrograms(controlPlane.kubeconfigPath, speed, signal)
    screen.line('demo', `simulated AWS answers at ${programs.simulatorUrl}, ${speed} times as fast as real time`)
    screen.line('demo', 'the operator starts')
    return await stageOf({ controlPlane, programs, screen })
  } catch (error) {
    await controlPlane.stop()
    throw error
  }
}

interface Props {
  readonly controlPlane: ControlPlane
  readonly programs: Programs
  readonly screen: Screen
}

async function stageOf({ controlPlane, programs, screen }: Props): Promise<Stage> {
  const api = await createApiClient(controlPlane.kubeconfigPath)
  const ecs = createEcsClient(programs.simulatorUrl)
  const simulator = createSimulatorClient(programs.simulatorUrl)
  const logs = [
    createCallLog(simulator, screen),
    createServiceEventLog(ecs, screen),
    createEventLog(api, screen),
    createObjectLog(api, screen),
  ]
  return {
    controlPlane,
    programs,
    api,
    simulator,
    narrate: (signal) => narrate(logs, signal),
    stop: async () => {
      api.close()
      ecs.destroy()
      // The operator first: it would complain about an API server that goes.
      await programs.stop()
      await controlPlane.stop()
    },
  }
}

async function narrate(logs: readonly (() => Promise<void>)[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // One after another: the cause is printed before its effects.
    for (const print of logs) await print()
    await setTimeout(NARRATION_MILLISECONDS, undefined, { signal }).catch(() => {})
  }
}

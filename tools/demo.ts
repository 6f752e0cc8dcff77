// npm run demo: a control plane, the AWS simulator and the operator as users run them, and the first service's life on
// them, told line by line. It stays up afterwards; `--once` tidies up instead and answers by exit code whether every
// expectation was met. `--speed N`: AWS time runs N times as fast as ours.
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { argv } from 'node:process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { findAssets } from './control-plane/assets.ts'
import { createKubectl } from './control-plane/kubectl.ts'
import { type Stage, startStage } from './demo/stage.ts'
import { NAMESPACE, describeObjects, readObjects } from './demo/objects.ts'
import { REGION } from './demo/simulator-client.ts'
import { type Screen, createScreen } from './demo/screen.ts'
import { type Chapter, chapters, tearDown } from './demo/story.ts'
import { endSignal } from './process-end.ts'

/** Fast enough to watch, slow enough to follow: a Fargate task that takes half a minute is up in a second or two. */
const DEFAULT_SPEED = '20'

const POLL_MILLISECONDS = 200
const CATCH_UP_MILLISECONDS = 600
const LOG_TAIL_LINES = 25

const ROOT = fileURLToPath(new URL('..', import.meta.url))

async function main(): Promise<number> {
  const { values } = parseArgs({
    args: argv.slice(2),
    options: { once: { type: 'boolean', default: false }, speed: { type: 'string', default: DEFAULT_SPEED } },
  })
  const screen = createScreen()
  const signal = endSignal()
  process.chdir(ROOT)
  screen.heading('longshore demo: a real Kubernetes API server, simulated AWS')
  try {
    await stageAndPlay(Number(values.speed), screen, values.once, signal)
    return 0
  } catch (error) {
    if (signal.aborted) return 0
    screen.plain(`\n${messageOf(error)}`)
    return 1
  }
}

async function stageAndPlay(speed: number, screen: Screen, isOnce: boolean, signal: AbortSignal): Promise<void> {
  const stage = await startStage(speed, screen, signal)
  try {
    await playOn(stage, screen, isOnce, signal)
  } catch (error) {
    const log = await tailOf(stage.programs.operatorLogPath)
    throw new Error(`${messageOf(error)}\n\nThe end of the operator's log:\n${log}`, { cause: error })
  } finally {
    await stage.stop()
  }
}

async function playOn(stage: Stage, screen: Screen, isOnce: boolean, signal: AbortSignal): Promise<void> {
  const curtain = new AbortController()
  const narration = stage.narrate(curtain.signal)
  const story = play(stage, screen, isOnce, signal).finally(() => curtain.abort())
  await Promise.race([story, narration.then(() => story), stage.programs.failure])
}

async function play(stage: Stage, screen: Screen, isOnce: boolean, signal: AbortSignal): Promise<void> {
  for (const chapter of await chapters()) await playChapter(chapter, stage, screen, signal)
  if (!isOnce) {
    screen.plain(invitation(stage))
    await new Promise((resolve) => signal.addEventListener('abort', resolve))
    return
  }
  await playChapter(tearDown, stage, screen, signal)
  await checkAccountIsEmpty(stage, screen)
}

async function playChapter(
  chapter: Chapter,
  { api, controlPlane }: Stage,
  screen: Screen,
  signal: AbortSignal,
): Promise<void> {
  const { title, shown, expectation, isMet, limitSeconds } = chapter
  screen.heading(title)
  screen.line('you', `$ ${shown}`)
  const kubectl = createKubectl(controlPlane.kubeconfigPath, chapter.input)
  for (const line of (await kubectl(...chapter.kubectl)).trimEnd().split('\n')) screen.line('you', line)

  const deadline = performance.now() + limitSeconds * 1000
  for (;;) {
    const objects = await readObjects(api)
    if (isMet(objects)) break
    if (performance.now() > deadline) {
      throw new Error(`Not seen within ${limitSeconds} s: ${expectation}. Seen:\n${describeObjects(objects)}`)
    }
    await setTimeout(POLL_MILLISECONDS, undefined, { signal })
  }
  // What happened last is told before it is summed up.
  await setTimeout(CATCH_UP_MILLISECONDS, undefined, { signal })
  screen.line('demo', `✔ ${expectation}`)
}

async function checkAccountIsEmpty({ simulator }: Stage, screen: Screen): Promise<void> {
  const { isEmpty, live } = await simulator.account()
  if (!isEmpty) throw new Error(`The simulated account is not empty: ${JSON.stringify(live)}`)
  screen.line('demo', '✔ the simulated account is empty')
}

function invitation({ controlPlane, programs }: Stage): string {
  return `
It stays up until Ctrl-C, and goes on telling what happens. In another terminal:

  export KUBECONFIG=${controlPlane.kubeconfigPath} PATH=${dirname(findAssets().kubectl)}:$PATH
  kubectl get longshore -n ${NAMESPACE}
  kubectl describe ecsservice hello -n ${NAMESPACE}
  kubectl explain ecsservice.spec.taskDefinition
  kubectl scale ecsservice hello -n ${NAMESPACE} --replicas=0
  kubectl delete -n ${NAMESPACE} -f examples/first-service

  export AWS_ENDPOINT_URL=${programs.simulatorUrl} AWS_REGION=${REGION} AWS_ACCESS_KEY_ID=you AWS_SECRET_ACCESS_KEY=any
  npm run --silent longshore -- explain ecsservice/hello -n ${NAMESPACE}
  npm run --silent longshore -- plan -f examples/first-service -n ${NAMESPACE}

  curl ${programs.simulatorUrl}/_simulator/state        what simulated AWS holds
  tail -f ${programs.operatorLogPath}
`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function tailOf(path: string): Promise<string> {
  const log = await readFile(path, 'utf8').catch(() => '(none)')
  return log.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n')
}

process.exitCode = await main()

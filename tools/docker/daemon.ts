import { spawn } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { env, execPath, getuid, platform } from 'node:process'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { lackedCapabilities } from './bounded-runc.ts'
import { type Docker, findDocker } from './cli.ts'

/** A Docker daemon that answers. */
export interface DockerAccess {
  readonly docker: Docker
  /** Ends the daemon if it was started here and nothing runs on it any more. */
  readonly close: () => Promise<void>
}

const START_SECONDS = 60
const STOP_SECONDS = 60
const POLL_MILLISECONDS = 100
const LOG_TAIL_LINES = 15
const BOUNDED_RUNC = fileURLToPath(new URL('bounded-runc.ts', import.meta.url))

/**
 * The Docker of this machine. Where none answers it is started if that can be done: as root on Linux, with `dockerd`
 * installed. Throws, with what to do, where there is none to be had.
 */
export async function openDocker(): Promise<DockerAccess> {
  const docker = await findDocker()
  const trouble = await troubleOf(docker)
  if (trouble === undefined) return { docker, close: () => Promise.resolve() }
  if (platform === 'linux' && getuid?.() === 0) return startDaemon(docker)
  throw new Error(`No Docker daemon answers: start Docker, or set DOCKER_HOST. It says: ${trouble}`)
}

async function startDaemon(docker: Docker): Promise<DockerAccess> {
  const folder = mkdtempSync(join(tmpdir(), 'longshore-docker-'))
  const logPath = join(folder, 'dockerd.log')
  const { daemon, ended } = spawnDaemon(logPath)
  if (!(await Promise.race([untilAnswers(docker), ended.then(() => false)]))) {
    const log = readFileSync(logPath, 'utf8')
    rmSync(folder, { recursive: true, force: true })
    throw new Error(`dockerd did not start:\n${tailOf(log)}`)
  }
  const close = async (): Promise<void> => {
    // Somebody else may have found it meanwhile.
    if ((await docker('ps', '--quiet')) !== '') return
    daemon.ref()
    daemon.kill('SIGTERM')
    await Promise.race([ended, setTimeout(STOP_SECONDS * 1000, undefined, { ref: false })])
    rmSync(folder, { recursive: true, force: true })
  }
  return { docker, close }
}

function spawnDaemon(logPath: string) {
  const log = openSync(logPath, 'w')
  const daemon = spawn('dockerd', runtimeFlags(), {
    // A group of its own, out of reach of the terminal's Ctrl-C.
    detached: true,
    stdio: ['ignore', log, log],
    // For what it starts in its turn: the runtime below is a program for our Node.
    env: { ...env, PATH: [dirname(execPath), env['PATH']].join(delimiter) },
  })
  // It must not keep us alive.
  daemon.unref()
  const ended = new Promise<void>((resolve) => {
    daemon.once('exit', () => resolve())
    daemon.once('error', () => resolve())
  })
  return { daemon, ended }
}

/** Nobody may have a capability that this machine lacks, so that runc must not be asked for it. */
function runtimeFlags(): readonly string[] {
  if (lackedCapabilities().length === 0) return []
  return ['--add-runtime', `bounded=${BOUNDED_RUNC}`, '--default-runtime', 'bounded']
}

async function untilAnswers(docker: Docker): Promise<boolean> {
  const deadline = performance.now() + START_SECONDS * 1000
  while (performance.now() < deadline) {
    if ((await troubleOf(docker)) === undefined) return true
    await setTimeout(POLL_MILLISECONDS)
  }
  return false
}

/** Why the daemon does not answer; undefined: it does. */
async function troubleOf(docker: Docker): Promise<string | undefined> {
  try {
    await docker('version', '--format', '{{.Server.Version}}')
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function tailOf(log: string): string {
  return log.trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n')
}

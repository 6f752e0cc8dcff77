import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { env } from 'node:process'
import { promisify } from 'node:util'

/** Runs a docker command; answers what it printed. Errors: what it said on standard error. */
export type Docker = (...args: readonly string[]) => Promise<string>

const run = promisify(execFile)

/** From this version on building is a plugin's business; older command lines have BuildKit inside. */
const FIRST_MAJOR_WITH_PLUGIN = 23
const MOST_OUTPUT_BYTES = 64 * 2 ** 20

/**
 * The first `docker` on the PATH that builds with BuildKit, which leaves out the stages of our Dockerfile that are not
 * asked for. Throws when there is none, with what to install.
 */
export async function findDocker(): Promise<Docker> {
  const folders = (env['PATH'] ?? '').split(delimiter)
  const found = folders.map((folder) => join(folder, 'docker')).filter(isExecutable)
  for (const path of found) {
    const docker = dockerAt(path)
    if (await hasBuildKit(docker)) return docker
  }
  throw new Error(
    found.length === 0
      ? 'there is no docker on the PATH: install Docker (https://docs.docker.com/engine/install)'
      : `${found[0]} cannot build with BuildKit: install its plugin (docker-buildx-plugin or docker-buildx)`,
  )
}

function dockerAt(path: string): Docker {
  const options = { env: { ...env, DOCKER_BUILDKIT: '1' }, maxBuffer: MOST_OUTPUT_BYTES }
  return async (...args) => {
    try {
      return (await run(path, args, options)).stdout.trim()
    } catch (error) {
      throw new Error(`docker ${args[0]}: ${complaintIn(error)}`, { cause: error })
    }
  }
}

async function hasBuildKit(docker: Docker): Promise<boolean> {
  try {
    const [, major = ''] = /version (\d+)\./.exec(await docker('--version')) ?? []
    return Number(major) < FIRST_MAJOR_WITH_PLUGIN || (await docker('buildx', 'version')) !== ''
  } catch {
    return false
  }
}

function complaintIn(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : ''
  return said === '' ? String(error) : said
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

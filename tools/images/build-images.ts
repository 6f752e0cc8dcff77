import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { bundle, DIST, ROOT } from '../build/bundle.ts'
import { PROGRAMS } from '../build/program.ts'
import type { Docker } from '../docker/cli.ts'
import { troublePulling } from '../docker/pull.ts'
import { makeBaseImage } from './base-image.ts'

/** The names of built images. */
export interface Images {
  readonly operator: string
  readonly simulator: string
}

interface BuildInput {
  readonly docker: Docker
  readonly tag: string
  /** Hears how long each part took. */
  readonly tell: (line: string) => void
}

/**
 * Builds both images of the Dockerfile, `longshore:TAG` and `longshore-simulate-aws:TAG`. Where its base cannot be pulled
 * they stand on one that is made here, with bundles that are made here.
 */
export async function buildImages({ docker, tag, tell }: BuildInput): Promise<Images> {
  const build = (target: string, image: string): Promise<string> =>
    timed(`image ${target}`, tell, async () => {
      await docker('build', ...base, '--target', target, '--tag', image, ROOT)
      return image
    })
  const base = await timed('base image', tell, () => baseArguments(docker, tell))
  const operator = await build('operator', `longshore:${tag}`)
  return { operator, simulator: await build('simulator', `longshore-simulate-aws:${tag}`) }
}

/** What `docker build` takes beside the Dockerfile's own defaults. */
async function baseArguments(docker: Docker, tell: (line: string) => void): Promise<readonly string[]> {
  const image = nodeImageIn(await readFile(join(ROOT, 'Dockerfile'), 'utf8'))
  const trouble = await troublePulling(docker, image)
  if (trouble === undefined) return []
  tell(`  ${trouble}: it is made here`)
  await Promise.all(PROGRAMS.map((program) => bundle(program, DIST)))
  return ['--build-arg', `BASE_IMAGE=${await makeBaseImage(docker)}`, '--build-arg', 'BUNDLES=prebuilt']
}

/** The image that the Dockerfile starts from unless told otherwise. */
export function nodeImageIn(dockerfile: string): string {
  const [, image] = /^ARG NODE_IMAGE=(\S+)$/m.exec(dockerfile) ?? []
  if (image === undefined) throw new Error('the Dockerfile names no NODE_IMAGE')
  return image
}

async function timed<T>(what: string, tell: (line: string) => void, act: () => Promise<T>): Promise<T> {
  const startedAt = performance.now()
  const answer = await act()
  tell(`✔ ${what.padEnd(18)} ${((performance.now() - startedAt) / 1000).toFixed(1)} s`)
  return answer
}

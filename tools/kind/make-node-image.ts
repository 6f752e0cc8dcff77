import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Docker } from '../docker/cli.ts'
import { folderOf } from './set-up.ts'

const run = promisify(execFile)

const SOURCES = fileURLToPath(new URL('image', import.meta.url))
/** Never a name that a registry could answer for. */
const OURS = 'longshore.invalid/kind'
const ENTRYPOINT = ['/usr/local/bin/node-entrypoint', '/sbin/init']

/** What runs as a container on a node, as the last part of the image's official name, and the Dockerfile's target. */
const COMPONENTS = {
  'kube-apiserver': 'component',
  'kube-controller-manager': 'component',
  'kube-scheduler': 'component',
  etcd: 'component',
  'kube-proxy': 'kube-proxy',
  coredns: 'coredns',
  pause: 'pause',
} as const
type Component = keyof typeof COMPONENTS

interface Workshop {
  readonly docker: Docker
  /** The build context. */
  readonly folder: string
  /** Part of every name, so that two who make different images do not meet. */
  readonly tag: string
}

/** The image of a kind node from the parts that set-up makes; answers its name. Made once, it stays with Docker. */
export async function makeNodeImage(docker: Docker): Promise<string> {
  const parts = await folderOf('kind-node')
  const tag = await tagOf(parts)
  const image = `${OURS}-node:${tag}`
  if ((await docker('image', 'ls', '--quiet', image)) !== '') return image

  const folder = await mkdtemp(join(tmpdir(), 'longshore-kind-node-'))
  try {
    await cp(SOURCES, folder, { recursive: true })
    await cp(join(parts, 'bin'), join(folder, 'bin'), { recursive: true })
    await docker('import', join(parts, 'debian.tar'), `${OURS}-debian:${tag}`)
    await assemble({ docker, folder, tag }, image)
    return image
  } finally {
    await rm(folder, { recursive: true, force: true })
    await removeScaffolding(docker, tag)
  }
}

/** The parts are named after what they are; the rest stands in the Dockerfile and what it copies. */
async function tagOf(parts: string): Promise<string> {
  const hash = createHash('sha256').update(await readFile(fileURLToPath(import.meta.url)))
  const entries = await readdir(SOURCES, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const file of files.toSorted()) hash.update(await readFile(file))
  return `${basename(parts)}-${hash.digest('hex').slice(0, 12)}`
}

async function assemble(workshop: Workshop, image: string): Promise<void> {
  const { docker, folder, tag } = workshop
  const names = await officialNames(join(folder, 'bin/kubeadm'))
  for (const component of names.keys()) await buildComponent(workshop, component)
  const ours = [...names.keys()].map((component) => nameOf(component, tag))
  await docker('save', '--output', join(folder, 'images.tar'), ...ours)

  await finishFiles(folder, names)
  await build(workshop, 'node', `${OURS}-unfilled:${tag}`)
  const pairs = [...names].map(([component, official]) => `${nameOf(component, tag)}=${official}`)
  await fill(workshop, pairs, image)
}

/** The images that kubeadm will look for, by component. */
async function officialNames(kubeadm: string): Promise<ReadonlyMap<Component, string>> {
  const { stdout: version } = await run(kubeadm, ['version', '--output=short'])
  const { stdout } = await run(kubeadm, ['config', 'images', 'list', '--kubernetes-version', version.trim()])
  const names = new Map<Component, string>()
  for (const component of Object.keys(COMPONENTS) as Component[]) {
    const name = stdout.split('\n').find((line) => line.includes(`/${component}:`))
    if (name === undefined) throw new Error(`kubeadm asks for no ${component}, but for ${stdout}`)
    names.set(component, name)
  }
  return names
}

async function buildComponent(workshop: Workshop, component: Component): Promise<void> {
  await build(workshop, COMPONENTS[component], nameOf(component, workshop.tag), `PROGRAM=${component}`)
}

async function build({ docker, folder, tag }: Workshop, target: string, name: string, argument = ''): Promise<void> {
  const base = ['--build-arg', `BASE=${OURS}-debian:${tag}`]
  const more = argument === '' ? [] : ['--build-arg', argument]
  await docker('build', ...base, ...more, '--target', target, '--tag', name, folder)
}

/** What is only known now. */
async function finishFiles(folder: string, names: ReadonlyMap<Component, string>): Promise<void> {
  const configuration = join(folder, 'files/etc/containerd/config.toml')
  const text = await readFile(configuration, 'utf8')
  await writeFile(configuration, text.replace('@PAUSE@', names.get('pause') ?? ''))
  const [, version = ''] = names.get('kube-apiserver')?.split(':') ?? []
  await writeFile(join(folder, 'files/kind/version'), version)
}

/** Puts the images of the components into the node's own store: takes a containerd, which only the node has. */
async function fill({ docker, folder, tag }: Workshop, pairs: readonly string[], image: string): Promise<void> {
  const command = ['/usr/local/sbin/import-images', '/images.tar', ...pairs]
  const options = ['--privileged', '--network', 'none', '--entrypoint', '']
  const container = await docker('create', ...options, `${OURS}-unfilled:${tag}`, ...command)
  try {
    await docker('cp', join(folder, 'images.tar'), `${container}:/images.tar`)
    await docker('start', '--attach', container)
    const change = ['--change', `ENTRYPOINT ${JSON.stringify(ENTRYPOINT)}`, '--change', 'CMD []']
    await docker('commit', ...change, container, image)
  } finally {
    await docker('rm', '--force', container)
  }
}

function nameOf(component: Component, tag: string): string {
  return `${OURS}-${component}:${tag}`
}

/** Images that were only on the way to the one; those that a failure kept from being made are not missed. */
async function removeScaffolding(docker: Docker, tag: string): Promise<void> {
  const names = [...Object.keys(COMPONENTS), 'unfilled', 'debian'].map((part) => `${OURS}-${part}:${tag}`)
  for (const name of names) {
    if ((await docker('image', 'ls', '--quiet', name)) !== '') await docker('rmi', name)
  }
}

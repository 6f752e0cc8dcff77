import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { execPath, platform, version } from 'node:process'
import { promisify } from 'node:util'
import type { Docker } from '../docker/cli.ts'

const run = promisify(execFile)

/** Node looks up who it is (os.userInfo), and people like a name better than a number. */
const USERS = 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532:nonroot:/:/sbin/nologin\n'
const GROUPS = 'root:x:0:\nnonroot:x:65532:\n'

/**
 * A base image for where none can be pulled: the Node that runs us, the libraries it loads, two users, and nothing else.
 * Node brings its own CA certificates and time zones. Answers its name. Throws on other systems than Linux.
 */
export async function makeBaseImage(docker: Docker): Promise<string> {
  // Never a name that a registry could answer for.
  const image = `longshore.invalid/node:${version.slice(1)}`
  if (platform !== 'linux') throw new Error(`no base image can be pulled, and on ${platform} none can be made`)
  if ((await docker('image', 'ls', '--quiet', image)) !== '') return image

  const folder = await mkdtemp(join(tmpdir(), 'longshore-base-image-'))
  try {
    const root = join(folder, 'root')
    await fillRoot(root)
    await run('tar', ['-C', root, '--owner=0', '--group=0', '-cf', join(folder, 'root.tar'), '.'])
    await docker('import', join(folder, 'root.tar'), image)
    return image
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function fillRoot(root: string): Promise<void> {
  const place = async (from: string, to: string): Promise<void> => {
    await mkdir(dirname(join(root, to)), { recursive: true })
    await copyFile(from, join(root, to))
  }
  await place(execPath, '/usr/local/bin/node')
  for (const library of await librariesOf(execPath)) await place(library, library)
  await mkdir(join(root, 'etc'), { recursive: true })
  await writeFile(join(root, 'etc/passwd'), USERS)
  await writeFile(join(root, 'etc/group'), GROUPS)
  await mkdir(join(root, 'tmp'), { mode: 0o1777 })
}

/** The shared libraries of a program and the loader itself, by the paths under which the loader finds them. */
async function librariesOf(program: string): Promise<readonly string[]> {
  const { stdout } = await run('ldd', [program])
  return stdout.match(/\/\S+/g) ?? []
}

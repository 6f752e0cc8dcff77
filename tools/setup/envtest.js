import { createHash } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SetupError, run, say } from './command.js'

export const ENVTEST_VERSION = 'v1.34.1'

const CONNECT_SECONDS = 10
const DOWNLOAD_SECONDS = 600

/**
 * SHA-512 of the archives that controller-tools releases for tests, by Go's name of the platform.
 * Source: kubernetes-sigs/controller-tools, envtest-releases.yaml.
 */
const ARCHIVES = {
  'linux-x64': {
    platform: 'linux-amd64',
    sha512:
      'c5e7c237ae18a8c65d0df1214b864ecd19aa9ff4f1383dbd477c202546d778c0f74efe15750ec38f57d8de26ba17cd62f404446cdd3c975399a5d4589de35cdd',
  },
  'linux-arm64': {
    platform: 'linux-arm64',
    sha512:
      'bf13d2456183e66d084e28e1c9eed6a408fb77a06d8d1fd0461a7d9bc0c90b63d29ea67870b28f80d1f992acb026007d6f43987753c859c81d6a78bc1ca2c903',
  },
  'darwin-x64': {
    platform: 'darwin-amd64',
    sha512:
      'd9e0464dc1708c36ab41147b5e364c8b8e201eafc14c299dcbe58ebeaa82c651b8e834647167a951ded8c6d08c616aadbae1673a54743f9c8fa15a278c78c0c0',
  },
  'darwin-arm64': {
    platform: 'darwin-arm64',
    sha512:
      '43d7c10b74100d20044df7c73be03e26f8243a9cb7c1d3035e581ee7bb0c7ffcaf759b9e182186b5bb2f47d1608835414ca443181a02d9ecb6c9cf04b43e3809',
  },
}

/** Fills `folder` from the official archive; answers false, with the reason on standard error, if it cannot be had. */
export async function downloadControlPlane(folder) {
  const archive = ARCHIVES[`${process.platform}-${process.arch}`]
  if (!archive) return false
  const url = urlOf(archive)
  say(`downloading the control plane: ${url}`)
  const bytes = await download(url).catch((error) => say(`  not to be had: ${error.cause?.message ?? error.message}`))
  if (!bytes) return false
  checkSum(bytes, archive.sha512, url)
  await unpack(bytes, folder)
  return true
}

function urlOf({ platform }) {
  const name = `envtest-${ENVTEST_VERSION}`
  return `https://github.com/kubernetes-sigs/controller-tools/releases/download/${name}/${name}-${platform}.tar.gz`
}

async function download(url) {
  const connecting = new AbortController()
  const patience = setTimeout(
    () => connecting.abort(new Error(`no answer in ${CONNECT_SECONDS} s`)),
    CONNECT_SECONDS * 1000,
  )
  const signal = AbortSignal.any([connecting.signal, AbortSignal.timeout(DOWNLOAD_SECONDS * 1000)])
  const response = await fetch(url, { signal }).finally(() => clearTimeout(patience))
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}

/** A wrong sum is never passed over in silence: somebody may have put another archive there. */
function checkSum(bytes, expected, url) {
  const actual = createHash('sha512').update(bytes).digest('hex')
  if (actual !== expected)
    throw new SetupError(`${url} has SHA-512 ${actual}, not the pinned ${expected}: it was not used.`)
}

async function unpack(bytes, folder) {
  const path = join(folder, 'archive.tar.gz')
  writeFileSync(path, bytes)
  await run('tar', ['-xzf', path, '-C', folder, '--strip-components', '2'], {
    onFailure: 'The archive could not be unpacked.',
  })
  rmSync(path)
}

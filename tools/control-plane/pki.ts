import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Paths of a certificate and its key, both PEM. */
export interface KeyPair {
  readonly certificatePath: string
  readonly keyPath: string
}

/** Who a certificate speaks for: the API server reads the user from CN and the groups from O. */
interface Subject {
  readonly commonName: string
  readonly organizations: readonly string[]
}

const run = promisify(execFile)

/** Elliptic keys are made in no time; RSA ones take up to a second each. */
const CURVE = 'prime256v1'
const DAYS = '30'

const SERVER_EXTENSIONS = `extendedKeyUsage=serverAuth
subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc
`

/** Makes a certificate authority in `folder`. */
export async function createAuthority(folder: string): Promise<KeyPair> {
  const authority = pathsFor(folder, 'ca')
  await createKey(authority.keyPath)
  const extensions = ['-addext', 'keyUsage=critical,keyCertSign,digitalSignature']
  const files = ['-key', authority.keyPath, '-out', authority.certificatePath]
  await run('openssl', ['req', '-x509', '-new', ...files, '-days', DAYS, '-subj', '/CN=longshore-local', ...extensions])
  return authority
}

/** A certificate for the API server on the loopback address. */
export async function issueServerCertificate(folder: string, authority: KeyPair): Promise<KeyPair> {
  const subject = { commonName: 'kube-apiserver', organizations: [] }
  return issue(pathsFor(folder, 'kube-apiserver'), authority, subject, SERVER_EXTENSIONS)
}

/** A certificate with which a client is `user` in `groups`. */
export async function issueClientCertificate(
  folder: string,
  authority: KeyPair,
  user: string,
  groups: readonly string[],
): Promise<KeyPair> {
  const subject = { commonName: user, organizations: groups }
  return issue(pathsFor(folder, `user-${user}`), authority, subject, 'extendedKeyUsage=clientAuth\n')
}

/** An elliptic private key in PEM. */
export async function createKey(path: string): Promise<void> {
  await run('openssl', ['ecparam', '-name', CURVE, '-genkey', '-noout', '-out', path])
}

async function issue(pair: KeyPair, authority: KeyPair, subject: Subject, extensions: string): Promise<KeyPair> {
  const [requestPath, extensionsPath] = [`${pair.certificatePath}.csr`, `${pair.certificatePath}.ext`]
  await createKey(pair.keyPath)
  await writeFile(extensionsPath, extensions)
  await run('openssl', ['req', '-new', '-key', pair.keyPath, '-out', requestPath, '-subj', distinguishedName(subject)])
  // openssl's own counter file would be shared by certificates that are issued at the same time.
  const serial = `0x${randomBytes(16).toString('hex')}`
  const signer = ['-CA', authority.certificatePath, '-CAkey', authority.keyPath, '-set_serial', serial]
  const files = ['-in', requestPath, '-out', pair.certificatePath, '-extfile', extensionsPath]
  await run('openssl', ['x509', '-req', ...files, ...signer, '-days', DAYS])
  return pair
}

function distinguishedName({ commonName, organizations }: Subject): string {
  return [...organizations.map((name) => `/O=${name}`), `/CN=${commonName}`].join('')
}

function pathsFor(folder: string, name: string): KeyPair {
  const file = join(folder, name.replaceAll(/[^\w-]/g, '_'))
  return { certificatePath: `${file}.crt`, keyPath: `${file}.key` }
}

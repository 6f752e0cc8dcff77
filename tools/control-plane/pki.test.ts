import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type KeyPair, createAuthority, issueClientCertificate, issueServerCertificate } from './pki.ts'

describe('certificates', () => {
  let folder = ''
  let authority: KeyPair

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'longshore-pki-'))
    authority = await createAuthority(folder)
  })

  after(() => rm(folder, { recursive: true }))

  test('the server is trusted at the loopback address and by name', async () => {
    const certificate = await read(await issueServerCertificate(folder, authority))

    assert.ok(certificate.checkIssued(await read(authority)))
    assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1')
    assert.equal(certificate.checkHost('localhost'), 'localhost')
  })

  test('a client is its user and in its groups', async () => {
    const certificate = await read(await issueClientCertificate(folder, authority, 'system:operator', ['a', 'b']))

    assert.ok(certificate.checkIssued(await read(authority)))
    assert.deepEqual(certificate.subject.split('\n').sort(), ['CN=system:operator', 'O=a', 'O=b'])
  })

  test('certificates that are issued at the same time have serial numbers of their own', async () => {
    const users = ['first', 'second', 'third']

    const pairs = await Promise.all(users.map((user) => issueClientCertificate(folder, authority, user, [])))
    const certificates = await Promise.all(pairs.map(read))

    assert.equal(new Set(certificates.map(({ serialNumber }) => serialNumber)).size, users.length)
  })
})

async function read({ certificatePath }: KeyPair): Promise<X509Certificate> {
  return new X509Certificate(await readFile(certificatePath))
}

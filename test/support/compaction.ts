import assert from 'node:assert/strict'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'

/** Makes etcd forget what was before a version, for good (https://etcd.io/docs/latest/dev-guide/api_grpc_gateway/). */
export async function compactEtcd(socketPath: string, revision: string): Promise<void> {
  const body = JSON.stringify({ revision, physical: true })
  const options = { socketPath, path: '/v3/kv/compaction', method: 'POST' }
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const asked = request({ ...options, headers: { host: 'etcd' } }, (response) => {
    text(response).then(resolve, reject)
  })
  asked.on('error', reject).end(body)
  assert.match(await promise, /"revision"/)
}

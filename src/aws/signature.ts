import { createHmac, hash } from 'node:crypto'

/** Where a signature is good. */
export interface SigningScope {
  readonly region: string
  /** Signing name: `ecr`. */
  readonly service: string
}

export interface SigningKeys {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  /** Temporary credentials only. */
  readonly sessionToken?: string | undefined
}

/** A request as JSON and Query protocols make it: everything stands in the body, the path is `/`. */
export interface Signable {
  readonly method: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

type Headers = Record<string, string>
export type Sign = (request: Signable, keys: SigningKeys, date: Date) => Headers

const ALGORITHM = 'AWS4-HMAC-SHA256'
/** Proxies may change them on the way. */
const UNSIGNED = new Set(['user-agent', 'connection', 'expect', 'transfer-encoding', 'te', 'trailer', 'upgrade'])

/**
 * Signature Version 4 ("Create a signed AWS API request", IAM user guide). Answers the headers of the request with those of
 * the signature. The SDK's own signer serves all kinds of requests, presigned and chunked ones as well, and takes three
 * times as long.
 */
export function createSign({ region, service }: SigningScope): Sign {
  const scopeOf = (day: string): string => `${day}/${region}/${service}/aws4_request`
  let key: { readonly secret: string; readonly day: string; readonly value: Buffer } | undefined

  /** Made anew once a day, and when the credentials are exchanged. */
  const keyFor = (secret: string, day: string): Buffer => {
    if (key?.secret !== secret || key.day !== day) {
      const value = [day, region, service, 'aws4_request'].reduce(
        (previous: string | Buffer, part) => hmac(previous, part),
        `AWS4${secret}`,
      )
      key = { secret, day, value: Buffer.from(value) }
    }
    return key.value
  }

  return ({ method, headers, body }, { accessKeyId, secretAccessKey, sessionToken }, date) => {
    const time = date.toISOString().replace(/[-:]|\.\d+/g, '')
    const day = time.slice(0, 8)
    const signed: Headers = { ...headers, 'x-amz-date': time }
    if (sessionToken !== undefined && sessionToken !== '') signed['x-amz-security-token'] = sessionToken

    const names = Object.keys(signed)
      .filter((name) => !UNSIGNED.has(name))
      .toSorted()
    const lines = names.map((name) => `${name}:${tidy(signed[name] ?? '')}\n`).join('')
    const list = names.join(';')
    const canonical = `${method}\n/\n\n${lines}\n${list}\n${hash('sha256', body, 'hex')}`
    const text = `${ALGORITHM}\n${time}\n${scopeOf(day)}\n${hash('sha256', canonical, 'hex')}`
    const signature = hmac(keyFor(secretAccessKey, day), text).toString('hex')
    signed['authorization'] =
      `${ALGORITHM} Credential=${accessKeyId}/${scopeOf(day)}, SignedHeaders=${list}, Signature=${signature}`
    return signed
  }
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** As AWS reads a value: without spaces around it, and one where there are several. */
function tidy(value: string): string {
  return value.trim().replace(/\s+/g, ' ')
}

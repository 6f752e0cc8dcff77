import { isDeepStrictEqual } from 'node:util'
import { Pool } from 'undici'
import type { Clock, Instant } from '../core/ports.ts'
import type { Connection, TlsMaterial } from './connect.ts'

/** What a connection is for. Each has a pool of its own: no queue of writes can delay a watch or the lease. */
export type Purpose = 'requests' | 'lease' | 'watches'

export interface PoolsOptions {
  readonly connection: Connection
  readonly clock: Clock
  /** For reads and writes. */
  readonly connections: number
}

type Generation = Readonly<Record<Purpose, Pool>>

const LEASE_CONNECTIONS = 2
/** How often to look for new certificates: far more often than anything renews them. */
const LOOK_SECONDS = 30

/** Opens pools; connections are made when they are needed. Throws `Failure` (`credentials`) if a certificate cannot be read. */
export async function openPools(options: PoolsOptions): Promise<Pools> {
  return new Pools(options, await options.connection.readTls())
}

/**
 * The connections to one API server.
 *
 * Guarantees: a renewed CA or client certificate is used for all new requests within half a minute (looked for whenever a
 * request is made), at once after `refresh`; what runs on older connections ends there in peace.
 */
export class Pools {
  readonly #options: PoolsOptions
  #tls: TlsMaterial
  #current: Generation
  #lookedAt: Instant
  #looking: Promise<void> | undefined
  /** Older generations that still have something to do. */
  readonly #draining = new Set<Generation>()

  constructor(options: PoolsOptions, tls: TlsMaterial) {
    this.#options = options
    this.#tls = tls
    this.#current = createGeneration(options, tls)
    this.#lookedAt = options.clock.now()
  }

  of(purpose: Purpose): Pool {
    const { clock } = this.#options
    // Nobody waits for this: certificates are renewed long before the old ones end.
    if (clock.now() - this.#lookedAt >= LOOK_SECONDS * 1000) void this.refresh()
    return this.#current[purpose]
  }

  /** Looks for new certificates now; resolves when new requests will use them. Never rejects. */
  refresh(): Promise<void> {
    return (this.#looking ??= this.#look())
  }

  /** Cuts every connection. */
  async destroy(): Promise<void> {
    const generations = [this.#current, ...this.#draining]
    await Promise.all(generations.flatMap((generation) => poolsIn(generation).map((pool) => pool.destroy())))
  }

  async #look(): Promise<void> {
    const { connection, clock } = this.#options
    this.#lookedAt = clock.now()
    try {
      const tls = await connection.readTls()
      if (!isDeepStrictEqual(tls, this.#tls)) this.#renew(tls)
    } catch {
      // Half-written or gone for a moment: what we have may well be good still, and if not, the server will say so.
    } finally {
      this.#looking = undefined
    }
  }

  #renew(tls: TlsMaterial): void {
    const old = this.#current
    this.#tls = tls
    this.#current = createGeneration(this.#options, tls)
    this.#draining.add(old)
    // The server ends every watch within 10 minutes; nothing else lasts longer than its deadline.
    void Promise.allSettled(poolsIn(old).map((pool) => pool.close())).then(() => this.#draining.delete(old))
  }
}

function createGeneration({ connection, connections }: PoolsOptions, tls: TlsMaterial): Generation {
  const create = (most: number | null): Pool => createPool(connection.server, tls, most)
  return { requests: create(connections), lease: create(LEASE_CONNECTIONS), watches: create(null) }
}

function poolsIn({ requests, lease, watches }: Generation): readonly Pool[] {
  return [requests, lease, watches]
}

function createPool(server: URL, tls: TlsMaterial, connections: number | null): Pool {
  return new Pool(server.origin, {
    connections,
    connect: { ...tls, timeout: 10_000, keepAlive: true, keepAliveInitialDelay: 30_000 },
    // One connection per request in flight: a stalled stream of a shared h2 session would hold up all others.
    allowH2: false,
    pipelining: 1,
    // Go's servers close idle connections after 3 minutes or more.
    keepAliveTimeout: 60_000,
    // Deadlines are ours: a watch has none, and all of them follow the injected clock.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
}

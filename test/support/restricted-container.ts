import { GenericContainer } from 'testcontainers'

interface Limits {
  /** Of the container's cgroup; no swap comes on top. */
  readonly memoryMib: number
}

/** A container as the restricted Pod Security Standard allows it, on a read-only root. */
export class RestrictedContainer extends GenericContainer {
  readonly #printed: string[] = []

  constructor(image: string, { memoryMib }: Limits) {
    super(image)
    this.withDroppedCapabilities('ALL').withSecurityOpt('no-new-privileges')
    this.withLogConsumer((stream) => void stream.on('data', (chunk) => this.#printed.push(String(chunk))))
    const memoryBytes = memoryMib * 2 ** 20
    Object.assign(this.hostConfig, { ReadonlyRootfs: true, Memory: memoryBytes, MemorySwap: memoryBytes })
  }

  /** What it has printed so far, on both streams. */
  get printed(): string {
    return this.#printed.join('')
  }
}

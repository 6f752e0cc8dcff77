import { connect, createServer, type Socket } from 'node:net'

/** A TCP proxy whose connections can be cut at any moment. */
export interface CuttableProxy extends AsyncDisposable {
  readonly port: number
  /** Cuts every connection that is open now; answers how many there were. */
  cut(): number
  /** Refuses new connections, or accepts them again. */
  refuse(isRefusing: boolean): void
}

export async function startCuttableProxy(target: URL): Promise<CuttableProxy> {
  const sockets = new Set<Socket>()
  let isRefusing = false

  const server = createServer((incoming) => {
    if (isRefusing) {
      incoming.resetAndDestroy()
      return
    }
    const outgoing = connect(Number(target.port), target.hostname)
    sockets.add(incoming)
    for (const socket of [incoming, outgoing]) {
      socket.on('error', () => {})
      socket.on('close', () => {
        incoming.destroy()
        outgoing.destroy()
        sockets.delete(incoming)
      })
    }
    incoming.pipe(outgoing).pipe(incoming)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the proxy has no port')

  const cut = () => {
    const open = [...sockets]
    for (const socket of open) socket.resetAndDestroy()
    return open.length
  }
  return {
    port: address.port,
    cut,
    refuse: (next) => (isRefusing = next),
    [Symbol.asyncDispose]: async () => {
      cut()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

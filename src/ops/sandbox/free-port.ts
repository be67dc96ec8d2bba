import { createServer } from 'node:net'

// Below the ports that Linux (32768), macOS and Windows (49152) give to outgoing connections: there, while a server is
// down, a reconnecting client may be given the server's own port, connect to itself and keep the server from returning.
const FIRST = 20_000
const LAST = 32_767

const ATTEMPTS = 50

/** A loopback port that was free a moment ago; another process may take it first, so be ready to ask again. */
export async function freePort(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST + 1))
    if (await isFree(port)) return port
  }
  throw new Error(`none of ${ATTEMPTS} ports tried between ${FIRST} and ${LAST} is free on 127.0.0.1`)
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })
}

import { readFileSync } from 'node:fs'
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { afterEach } from 'vitest'

const pem = (name: string) => readFileSync(`test/ops/doctor/fixtures/${name}`)

/** What listens in this process until the test is over; ports come from the system. */
export function ownListeners() {
  const open: (() => void)[] = []
  afterEach(() => open.splice(0).forEach((close) => close()))

  async function listening(server: Server): Promise<number> {
    const sockets = new Set<Socket>()
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
    })
    open.push(() => {
      sockets.forEach((socket) => socket.destroy())
      server.close()
    })
    await new Promise<void>((done) => server.listen(0, '0.0.0.0', done))
    return (server.address() as AddressInfo).port
  }

  return {
    listening,
    /** @param certificate a file among the fixtures */
    tls: (certificate: string) =>
      listening(
        createTlsServer({ key: pem('localhost-key.pem'), cert: pem(certificate) }, (socket) =>
          socket.on('error', () => {}),
        ).on('tlsClientError', () => {}),
      ),
    /** Answers each packet with the same words, as some proxies do. */
    parrot: (words: string) =>
      listening(createTcpServer((socket) => socket.on('data', () => socket.write(words)))),
  }
}

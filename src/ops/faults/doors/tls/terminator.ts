import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls'
import type { DoorCounts } from '../door.js'
import type { Shown, TlsCredentials } from './credentials.js'

type TlsCounts = Pick<DoorCounts, 'connectionsCut' | 'handshakesRefused' | 'badCertificatesAccepted'>

/** Speaks TLS to clients and hands what they say, in the clear, to what lies behind. */
export interface TlsTerminator {
  readonly host: string
  readonly port: number
  counts(): TlsCounts
  /** What new connections are shown from now on, on the same port. */
  show(shown: Shown): void
  /** Ends every connection. */
  cut(): void
  close(): Promise<void>
}

const HOST = '127.0.0.1'

export async function startTlsTerminator(
  upstream: { host: string; port: number },
  credentials: TlsCredentials,
): Promise<TlsTerminator> {
  const terminator = new Terminator(upstream, credentials)
  await terminator.start()
  return terminator
}

class Terminator implements TlsTerminator {
  readonly host = HOST
  port = 0
  readonly #upstream: { host: string; port: number }
  readonly #credentials: TlsCredentials
  readonly #server: Server
  readonly #clients = new Set<TLSSocket>()
  readonly #counts: TlsCounts = { connectionsCut: 0, handshakesRefused: 0, badCertificatesAccepted: 0 }
  #shown: Shown = 'good'
  #context: SecureContext

  constructor(upstream: { host: string; port: number }, credentials: TlsCredentials) {
    this.#upstream = upstream
    this.#credentials = credentials
    this.#context = createSecureContext(credentials.shown.good)
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (raw) => this.#accept(raw))
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(0, HOST, () => {
        this.#server.off('error', reject)
        // Accepting can fail later, such as for want of file descriptors; the client feels it, we go on.
        this.#server.on('error', () => undefined)
        this.port = (this.#server.address() as AddressInfo).port
        resolve()
      })
    })
  }

  counts(): TlsCounts {
    return { ...this.#counts }
  }

  show(shown: Shown): void {
    if (shown === this.#shown) return
    this.#shown = shown
    // With it come new keys for tickets: no session from before spares anybody the look at the certificate.
    this.#context = createSecureContext(this.#credentials.shown[shown])
  }

  cut(): void {
    for (const client of this.#clients) {
      this.#counts.connectionsCut++
      this.#end(client)
    }
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve())
      for (const client of this.#clients) this.#end(client)
    })
  }

  #end(client: TLSSocket): void {
    // An end that is ours says nothing of what the client thinks of the certificate.
    this.#clients.delete(client)
    client.destroy()
  }

  #accept(raw: Socket): void {
    const isBad = this.#shown !== 'good'
    const client = new TLSSocket(raw, { isServer: true, secureContext: this.#context })
    this.#clients.add(client)
    let used = false
    client.once('data', (chunk: Buffer) => {
      used = true
      if (isBad) this.#counts.badCertificatesAccepted++
      this.#join(client, chunk)
    })
    client.once('end', () => {
      if (!used) client.end()
    })
    // Every error is followed by `close`, which is what we act on: alerts, resets, and what is no TLS.
    for (const socket of [raw, client]) socket.on('error', () => undefined)
    client.once('close', () => {
      // Who was written to has been shown the certificate: some look at it before they answer, Node when all is agreed upon.
      const refused = isBad && !used && raw.bytesWritten > 0
      if (this.#clients.delete(client) && refused) this.#counts.handshakesRefused++
    })
  }

  /** Nobody who speaks through it waits for the server to speak first. */
  #join(client: TLSSocket, first: Buffer): void {
    const upstream = connect({ ...this.#upstream, noDelay: true, allowHalfOpen: true })
    upstream.on('error', () => undefined)
    upstream.write(first)
    client.pipe(upstream)
    upstream.pipe(client)
    // The server must be able to read to the end what a client sent that is gone, so it only gets its end.
    client.once('close', () => upstream.end())
    upstream.once('close', () => client.destroySoon())
  }
}

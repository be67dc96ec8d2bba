import type { Door, DoorCounts, Protocol, TlsDoor } from '../door.js'
import { FrontedDoor } from '../fronted-door.js'
import { createTcpDoor } from '../tcp.js'
import type { Shown, TlsCredentials } from './credentials.js'
import { startTlsTerminator, type TlsTerminator } from './terminator.js'

export interface TlsDoorOptions {
  /** Where what is spoken listens, in the clear. */
  upstream: { host: string; port: number }
  /** What is spoken in the tunnel; the door does not look at it. */
  protocol: Protocol
  credentials: TlsCredentials
}

/** Opens a door that ends TLS, with a good certificate, and in front of it a door for bytes. */
export async function createTlsDoor({ upstream, protocol, credentials }: TlsDoorOptions): Promise<TlsDoor> {
  const terminator = await startTlsTerminator(upstream, credentials)
  try {
    const front = await createTcpDoor({ upstream: terminator, deaf: true })
    return new FrontedTerminator(protocol, front, terminator)
  } catch (error) {
    await terminator.close()
    throw error
  }
}

class FrontedTerminator extends FrontedDoor implements TlsDoor {
  readonly protocol: Protocol
  readonly #terminator: TlsTerminator

  constructor(protocol: Protocol, front: Door, terminator: TlsTerminator) {
    super(front)
    this.protocol = protocol
    this.#terminator = terminator
  }

  counts(): DoorCounts {
    const front = this.front.counts()
    const behind = this.#terminator.counts()
    return { ...front, ...behind, connectionsCut: front.connectionsCut + behind.connectionsCut }
  }

  async show(shown: Exclude<Shown, 'good'>): Promise<void> {
    await this.front.open()
    this.#terminator.show(shown)
    this.#terminator.cut()
  }

  async close(): Promise<void> {
    await this.front.close()
    await this.#terminator.close()
  }

  protected mend(): void {
    this.#terminator.show('good')
  }
}

import { Agent, createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { RestRule, RestTreatment } from '../rest/rule.js'
import type { DoorCounts } from './door.js'
import { forward } from './forward.js'
import { Introductions, type Introduction } from './introductions.js'
import { keptBody, type Kept } from './kept-body.js'
import { drip, passOn } from './rest-answer.js'
import type { Upstream } from './upstream.js'

type RestCounts = Pick<DoorCounts, 'requestsSeen' | 'requestsAnswered' | 'requestsHeld' | 'requestsSlowed'>

/** An HTTP proxy on loopback that treats requests by a rule. Without one it passes everything as it is. */
export interface RestProxy {
  readonly host: string
  readonly port: number
  counts(): RestCounts
  introductions(): Introduction[]
  /** For requests that are complete from now on, and for those that are held; null lifts it. */
  obey(rule: RestRule | null): void
  /** Cuts everything. Idempotent. */
  close(): Promise<void>
}

const HOST = '127.0.0.1'
/** Held clients have a connection each. Fewer than an ordinary limit of open files. */
const MAX_CONNECTIONS = 4096
const MAX_UPSTREAM_CONNECTIONS = 256
/** That the service has not begun to answer; one connection may bring any number of them, one behind the other. */
const MAX_WAITING = 4096

/** What a client asked for; nothing of what it said or showed. */
export type OnRequest = (request: { method: string; target: string }) => void

export async function startRestProxy(upstream: Upstream, onRequest?: OnRequest): Promise<RestProxy> {
  const proxy = new HttpProxy(upstream, onRequest)
  await proxy.start()
  return proxy
}

class HttpProxy implements RestProxy {
  readonly host = HOST
  port = 0
  readonly #server: Server
  readonly #agent: Agent
  readonly #upstream: Upstream
  readonly #onRequest: OnRequest | undefined
  readonly #kept: Kept = { bytes: 0 }
  readonly #counts: RestCounts = { requestsSeen: 0, requestsAnswered: 0, requestsHeld: 0, requestsSlowed: 0 }
  readonly #introductions = new Introductions()
  #rule: RestRule | null = null
  #held: (() => void)[] = []
  #treated = 0
  #waiting = 0
  #closing: Promise<void> | null = null

  constructor(upstream: Upstream, onRequest: OnRequest | undefined) {
    this.#upstream = upstream
    const options = { keepAlive: true, maxSockets: MAX_UPSTREAM_CONNECTIONS }
    this.#agent = upstream.tls ? new TlsAgent(options) : new Agent(options)
    this.#onRequest = onRequest
    this.#server = createServer({ noDelay: true }, (request, response) => void this.#serve(request, response))
    this.#server.maxConnections = MAX_CONNECTIONS
    // It is for the client to give up, or for the door in front to cut.
    this.#server.keepAliveTimeout = 60_000
  }

  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(0, HOST, () => {
        this.#server.off('error', reject)
        // Accepting can fail later, such as for want of file descriptors; the client feels it, the proxy goes on.
        this.#server.on('error', () => undefined)
        this.port = (this.#server.address() as AddressInfo).port
        resolve()
      })
    })
  }

  counts(): RestCounts {
    return { ...this.#counts }
  }

  introductions(): Introduction[] {
    return this.#introductions.list()
  }

  obey(rule: RestRule | null): void {
    this.#rule = rule
    const held = this.#held
    this.#held = []
    for (const release of held) release()
  }

  close(): Promise<void> {
    this.#closing ??= new Promise<void>((resolve) => {
      this.#server.close(() => resolve())
      this.#server.closeAllConnections()
      this.obey(null)
      this.#agent.destroy()
    })
    return this.#closing
  }

  /** Never rejects: a request is answered, or its connection is gone. */
  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that hangs up is no event for anybody: what it asked for is carried out all the same.
    request.on('error', () => undefined)
    response.on('error', () => undefined)
    if (this.#waiting >= MAX_WAITING) {
      request.socket.destroy()
      return
    }
    this.#waiting++
    try {
      const body = await keptBody(request, this.#kept)
      this.#counts.requestsSeen++
      this.#note(request.headers['upstash-telemetry-sdk'])
      this.#onRequest?.({ method: request.method ?? '', target: request.url ?? '' })
      try {
        await this.#treat(request, body.bytes, response)
      } finally {
        body.release()
      }
    } catch {
      response.destroy()
    } finally {
      this.#waiting--
    }
  }

  /** What Upstash's own client says of itself, such as `@upstash/redis@v1.38.0`, unless its telemetry is off. */
  #note(sdk: string | string[] | undefined): void {
    const [, name, version] = /^(@upstash\/redis)@v?([\w.-]+)/.exec(String(sdk)) ?? []
    this.#introductions.add(name ?? null, version ?? null)
  }

  async #treat(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const treatment = await this.#treatmentOf()
    if (this.#closing !== null) return
    if (treatment.kind === 'answer') {
      this.#counts.requestsAnswered++
      response.writeHead(treatment.status, { 'content-type': treatment.contentType })
      response.end(treatment.body)
      return
    }
    if (treatment.kind === 'slow') this.#counts.requestsSlowed++
    const answer = await forward(request, body, this.#upstream, this.#agent)
    try {
      if (treatment.kind === 'slow') await drip(answer, response, treatment)
      else passOn(answer, response)
    } catch (error) {
      // What cannot be handed on must not keep its connection.
      answer.destroy()
      throw error
    }
  }

  /** What happens to a request that is complete, once it does. */
  async #treatmentOf(): Promise<Exclude<RestTreatment, { kind: 'hold' }>> {
    let wasHeld = false
    for (;;) {
      const treatment: RestTreatment = this.#rule?.(this.#treated) ?? { kind: 'pass' }
      if (treatment.kind !== 'hold') {
        if (treatment.kind !== 'pass') this.#treated++
        return treatment
      }
      if (!wasHeld) this.#counts.requestsHeld++
      wasHeld = true
      await new Promise<void>((resolve) => this.#held.push(resolve))
    }
  }
}

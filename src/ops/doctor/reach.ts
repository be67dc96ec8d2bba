import { connect as connectSocket, type Socket } from 'node:net'
import { createOperatorClient, type OperatorClient } from '../../library/backends/operator.js'
import { OperatorError } from '../../library/backends/operator-error.js'
import { awayOf, cutOff, type Away } from './away.js'
import { overheard } from './overheard.js'

/** `reference/ops.md` §9, CON-001. */
export const TRIES = 3

export interface Try {
  /** Connecting, logging in and the first PING, in ms. */
  ms: number
  away: Away | null
}

/** The first connection that works, or how Redis is away; and what became of every try. */
export interface RedisReach {
  client: OperatorClient | null
  /** Settles when the last try has. */
  tries: Promise<Try[]>
}

export interface Address {
  url: string
  password?: string | undefined
  /** Longest that one try may take, in ms. */
  connectTimeoutMs: number
  /** Longest that one command may take, in ms. */
  deadlineMs: number
  /** Gives up. */
  signal: AbortSignal
}

/**
 * Tries to connect three times, side by side: one of several endpoints that is dead shows, and a dead server is waited
 * for only once. Never rejects. The connections that are not needed are closed.
 */
export async function reachRedis(address: Address): Promise<RedisReach> {
  const half = new AbortController()
  const accepted = acceptsLate(address, half.signal)
  let words: Promise<string | null> | undefined
  const lastWords = () => (words ??= overheard(...hostOf(address)))
  let first: OperatorClient | null = null
  let announce: (client: OperatorClient | null) => void = () => {}
  const firstClient = new Promise<OperatorClient | null>((resolve) => (announce = resolve))
  const tryOnce = async (): Promise<Try> => {
    const begun = performance.now()
    try {
      const client = await createOperatorClient(address)
      if (first === null) announce((first = client))
      else client.close()
      return { ms: performance.now() - begun, away: null }
    } catch (error) {
      const ms = performance.now() - begun
      if (!(error instanceof OperatorError)) throw error
      const away = awayOf(error, {
        accepted: error.code === 'TIMEOUT' ? await accepted : null,
        tls: address.url.startsWith('rediss:'),
      })
      return { ms, away: away.kind === 'cut' ? cutOff(away, await lastWords()) : away }
    }
  }
  const tries = Promise.all(Array.from({ length: TRIES }, tryOnce)).finally(() => half.abort())
  const client = await Promise.race([firstClient, tries.then(() => first)])
  return { client, tries }
}

/**
 * Whether a plain connection is accepted, asked once half of the time has passed in silence: a server that hangs still
 * accepts, because its kernel does, and one that is not there does not. A server that answers sees no such connection.
 */
function acceptsLate({ url, connectTimeoutMs }: Address, settled: AbortSignal): Promise<boolean | null> {
  if (!URL.canParse(url)) return Promise.resolve(null)
  const [host, port] = hostOf({ url })
  let socket: Socket | undefined
  return new Promise((resolve) => {
    const settle = (accepted: boolean | null) => {
      clearTimeout(timer)
      socket?.destroy()
      resolve(accepted)
    }
    let timer = setTimeout(() => {
      timer = setTimeout(() => settle(false), connectTimeoutMs / 2)
      socket = connectSocket({ host, port })
      socket.once('connect', () => settle(true))
      socket.once('error', () => settle(false))
    }, connectTimeoutMs / 2)
    settled.addEventListener('abort', () => settle(null))
  })
}

function hostOf({ url }: { url: string }): [host: string, port: number] {
  const { hostname, port } = new URL(url)
  return [hostname.replace(/^\[|\]$/g, '') || 'localhost', port === '' ? 6379 : Number(port)]
}

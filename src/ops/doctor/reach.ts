import { createOperatorClient, type OperatorClient } from '../../library/backends/operator.js'
import { OperatorError } from '../../library/backends/operator-error.js'
import { awayOf, cutOff, refusesPing, type Away } from './away.js'
import { askBare } from './bare-question.js'
import { overheard } from './overheard.js'
import { speaksTls } from './speaks-tls.js'

/** `reference/ops.md` §9, CON-001. */
export const TRIES = 3

export interface Try {
  /** Connecting, logging in and the first PING, in ms. */
  ms: number
  away: Away | null
}

/** Refusals of PING by a server that serves others: one that cannot save, and an ACL. */
export const SERVES_WITHOUT_PING = ['MISCONF', 'NOPERM']

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
  const settled = new AbortController()
  const { url, connectTimeoutMs } = address
  const tls = url.startsWith('rediss:')
  const bare = URL.canParse(url) ? askBare(hostOf(url), connectTimeoutMs, settled.signal) : null
  let words: Promise<[said: string | null, speaksTls: boolean]> | undefined
  const lastWords = () => (words ??= Promise.all([overheard(...hostOf(url)), !tls && speaksTls(hostOf(url))]))
  let first: OperatorClient | null = null
  let announce: (client: OperatorClient | null) => void = () => {}
  const firstClient = new Promise<OperatorClient | null>((resolve) => (announce = resolve))
  const awayBy = async (error: OperatorError): Promise<Away> => {
    const seen = error.code === 'TIMEOUT' && bare ? { ...(await bare), tls } : null
    const away = awayOf(error, seen)
    return away.kind === 'cut' ? cutOff(away, ...(await lastWords())) : away
  }
  const tryOnce = async (): Promise<Try> => {
    const begun = performance.now()
    const since = () => performance.now() - begun
    try {
      const client = await createOperatorClient({ ...address, despite: SERVES_WITHOUT_PING })
      const ms = since()
      const away = client.pingRefusal && refusesPing(client.pingRefusal, await mayRead(client))
      if (first === null && away?.kind !== 'auth') announce((first = client))
      else client.close()
      return { ms, away }
    } catch (error) {
      const ms = since()
      if (!(error instanceof OperatorError)) throw error
      return { ms, away: await awayBy(error) }
    }
  }
  const tries = Promise.all(Array.from({ length: TRIES }, tryOnce)).finally(() => settled.abort())
  const client = await Promise.race([firstClient, tries.then(() => first)])
  return { client, tries }
}

function hostOf(url: string): [host: string, port: number] {
  const { hostname, port } = new URL(url)
  return [hostname.replace(/^\[|\]$/g, '') || 'localhost', port === '' ? 6379 : Number(port)]
}

/** Whether the ACL lets this user GET. Of the key that it asks for there is none. */
async function mayRead(client: OperatorClient): Promise<boolean> {
  try {
    await client.send('GET', 'cache:doctor:reach')
    return true
  } catch (error) {
    // A refusal of the key, not of the command, is one that the application's own keys need not meet.
    return error instanceof OperatorError && !/permissions to run/.test(error.reply ?? 'permissions to run')
  }
}

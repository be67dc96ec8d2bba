import { timeLimit } from '../../library/kernel/time-limit.js'
import type { RedisBackend } from '../../library/backends/resolve.js'
import { kindOfCode, type Away, type AwayKind } from './away.js'
import { tlsTrouble } from './tls-trouble.js'
import { isOverQuota } from './upstash-refusal.js'

const DEADLINE_MS = 2000

/** One PING over REST; null when it says PONG, else how it is away. Never rejects. */
export async function pingUpstash(
  { url, token }: RedisBackend & { backend: 'upstash' },
  signal: AbortSignal,
): Promise<Away | null> {
  const time = timeLimit(DEADLINE_MS, signal)
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, connection: 'close' },
      body: '["PING"]',
      redirect: 'error',
      signal: time.signal,
    })
    return judged(response.status, await response.text())
  } catch (error) {
    if (time.isUp) {
      return { kind: 'stalled', evidence: 'the REST endpoint did not answer in time.' }
    }
    return unreached(codeOf(error))
  } finally {
    time.clear()
  }
}

function judged(status: number, text: string): Away | null {
  if (status === 401) return { kind: 'auth', evidence: 'the REST endpoint does not accept this token.' }
  if (isOverQuota(text)) {
    return {
      kind: 'quota',
      evidence: 'the commands of the plan are used up, so every one is refused (UPS-001).',
    }
  }
  const isPong = status === 200 && /^\s*\{\s*"result"\s*:\s*"PONG"/.test(text)
  if (isPong) return null
  // Its own words, where it has any: a limit of requests, a database that was deleted.
  const [, said] = /^\s*\{\s*"error"\s*:\s*"([^"\\]{1,200})/.exec(text) ?? []
  const why = said === undefined ? '' : `: ${said}`
  return { kind: 'other', evidence: `the REST endpoint answered ${status}, and no PONG${why}.` }
}

const EVIDENCE: Partial<Record<AwayKind, string>> = {
  refused: 'nobody listens at the REST endpoint.',
  dns: 'the host of the REST endpoint is not known.',
  unreachable: 'there is no way to the REST endpoint, or nobody answers to a new connection.',
  cut: 'the REST endpoint cuts the connection.',
  'no redis': 'what answers at the REST endpoint is no HTTP.',
}

function unreached(code: string): Away {
  const trouble = tlsTrouble(code)
  if (trouble)
    return { kind: 'tls', evidence: `${trouble.why.charAt(0).toLowerCase()}${trouble.why.slice(1)}` }
  const kind = FETCH[code] ?? (code.startsWith('HPE_') ? 'no redis' : kindOfCode(code))
  const evidence = EVIDENCE[kind] ?? `the REST endpoint cannot be reached (${code || 'no connection'}).`
  return { kind, evidence }
}

/** What the HTTP client of Node calls it. */
const FETCH: Record<string, AwayKind> = {
  UND_ERR_CONNECT_TIMEOUT: 'unreachable',
  UND_ERR_SOCKET: 'cut',
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : null
  if (!(cause instanceof Error)) return ''
  // Node 24 leaves the code of its HTTP parser undefined.
  const code = (cause as NodeJS.ErrnoException).code ?? ''
  return code === '' && cause.name === 'HTTPParserError' ? 'HPE_UNKNOWN' : code
}

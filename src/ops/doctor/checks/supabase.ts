import { timeLimit } from '../../../library/kernel/time-limit.js'
import type { WorldCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { inWords } from '../in-words.js'

const DEADLINE_MS = 2000

export const supabaseCheck: WorldCheck = {
  on: 'world',
  id: 'SUP-001',
  group: 'supabase',
  title: 'Supabase answers',
  unit: 'ms',
  threshold: {
    warn: 500,
    fail: DEADLINE_MS,
    source: 'reachability as the Supabase CLI sees it; both numbers are ours',
  },
  deadlineMs: DEADLINE_MS + 500,
  async run({ environment, signal }, { warn }) {
    const [url, key] = [environment['SUPABASE_URL']?.trim(), environment['SUPABASE_SERVICE_ROLE_KEY']?.trim()]
    if (!url || !key || !URL.canParse(url)) {
      return { status: 'skip', message: 'not asked, for want of URL or key (ENV-001)' }
    }
    const begun = performance.now()
    const time = timeLimit(DEADLINE_MS, signal)
    try {
      const response = await fetch(new URL(`${url.replace(/\/+$/, '')}/rest/v1/`), {
        // A connection that is kept for later would keep the process waiting for it.
        headers: { apikey: key, authorization: `Bearer ${key}`, connection: 'close' },
        // A key must not follow to wherever somebody points.
        redirect: 'manual',
        signal: time.signal,
      })
      const ms = performance.now() - begun
      void response.body?.cancel()
      return judge(response, ms, warn)
    } catch (error) {
      if (signal.aborted) throw error
      return notReached(error)
    } finally {
      time.clear()
    }
  },
}

function judge({ status, headers }: Response, ms: number, warn: number | null): Finding {
  const message = `${status} in ${inWords.time(ms)}`
  if (status === 401 || status === 403) {
    return failed(
      `${message}: it does not accept SUPABASE_SERVICE_ROLE_KEY`,
      'Copy the key of this very project.',
    )
  }
  if (status >= 500)
    return failed(
      `${message}: it is there and cannot serve`,
      'See https://status.supabase.com and the project.',
    )
  // A page of HTML answers at many addresses, with 200 for every path.
  if (status < 200 || status >= 300 || !headers.get('content-type')?.includes('json')) {
    return failed(
      `${message}: no REST endpoint is there`,
      'SUPABASE_URL is the address of the project, without a path.',
    )
  }
  if (warn === null || ms <= warn) return { status: 'ok', message, value: ms }
  return {
    status: 'warn',
    message: `${message}: slow, and it answers everything when Redis is lost`,
    value: ms,
    remediation: { text: 'Look at the connections and the slow queries of the database.' },
  }
}

function notReached(error: unknown): Finding {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return failed(
      `no answer within ${inWords.time(DEADLINE_MS)}`,
      'Is the project paused? See https://status.supabase.com.',
    )
  }
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined
  const code = typeof cause?.code === 'string' ? cause.code : 'no connection'
  return failed(`it cannot be reached (${code})`, 'Check SUPABASE_URL, and the way out of this network.')
}

function failed(message: string, text: string): Finding {
  return { status: 'FAIL', message: `${message}; without it nothing works`, remediation: { text } }
}

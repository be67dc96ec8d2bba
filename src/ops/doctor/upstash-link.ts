import type { BackendResolution } from '../../library/backends/resolve.js'
import { replyBeginning } from '../../library/backends/reply-beginning.js'
import { keepConnection, NotAsked } from './kept-connection.js'

const DEADLINE_MS = 2000

/** What the REST API says to a command. */
export interface UpstashReply {
  /** The service's own words when it refuses, else null. */
  refusal: string | null
  result: unknown
  ms: number
}

export interface UpstashLink {
  /** @throws NotAsked when it cannot be reached, and when what is there does not speak this API or refuses the token */
  send(...command: readonly (string | number)[]): Promise<UpstashReply>
  close(): void
}

/** Connects with the first command. */
export function openUpstash({
  cache: { backend },
  signal,
}: {
  cache: Pick<BackendResolution, 'backend'>
  signal: AbortSignal
}): UpstashLink {
  if (backend?.backend !== 'upstash') throw new Error('asked for an Upstash where none is configured')
  const { url, token } = backend
  const kept = keepConnection(DEADLINE_MS, signal)
  return {
    async send(...command) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const body = JSON.stringify(command)
      const { status, text, ms } = await kept.ask(url, { method: 'POST', headers, body })
      if (status === 401) throw new NotAsked('the REST endpoint does not accept this token')
      const reply = parsed(text)
      if (status === 200 && 'result' in reply) return { refusal: null, result: reply['result'], ms }
      const { error } = reply
      if (typeof error === 'string') return { refusal: replyBeginning(error, 200), result: null, ms }
      throw new NotAsked(`the REST endpoint answered ${status}, and nothing of Upstash`)
    },
    close: kept.close,
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    const reply: unknown = JSON.parse(text)
    return typeof reply === 'object' && reply !== null ? (reply as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

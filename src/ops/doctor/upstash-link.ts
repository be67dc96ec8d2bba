import { keepConnection, NotAsked } from './kept-connection.js'
import type { World } from './world.js'

const DEADLINE_MS = 2000

/** What the REST API says to a command. */
export interface UpstashReply {
  /** The service's own words when it refuses, else null. */
  refusal: string | null
  result: unknown
  ms: number
}

export type RestCommand = readonly (string | number)[]

export interface UpstashLink {
  /** @throws NotAsked when it cannot be reached, and when what is there does not speak this API or refuses the token */
  send(...command: RestCommand): Promise<UpstashReply>
  /** One request, a reply for each command with its texts as Buffers. @throws NotAsked as `send` */
  pipeline(commands: readonly RestCommand[]): Promise<Pick<UpstashReply, 'refusal' | 'result'>[]>
  close(): void
}

/** Connects with the first command. */
export function openUpstash({ cache: { backend }, signal }: Pick<World, 'cache' | 'signal'>): UpstashLink {
  if (backend?.backend !== 'upstash') throw new Error('asked for an Upstash where none is configured')
  const { url, token } = backend
  const kept = keepConnection(DEADLINE_MS, signal)
  const post = async (path: string, question: unknown, headers: Record<string, string> = {}) => {
    const { status, text, ms } = await kept.ask(`${url.replace(/\/$/, '')}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(question),
    })
    if (status === 401) throw new NotAsked('the REST endpoint does not accept this token')
    return { status, said: parsed(text), ms }
  }
  return {
    async send(...command) {
      const { status, said, ms } = await post('/', command)
      return { ...replyOf(said, status), ms }
    },
    async pipeline(commands) {
      const { status, said } = await post('/pipeline', commands, { 'upstash-encoding': 'base64' })
      const replies = Array.isArray(said) ? said : commands.map(() => said)
      return replies.map((reply) => {
        const { refusal, result } = replyOf(reply, status)
        return { refusal, result: decoded(result) }
      })
    },
    close: kept.close,
  }
}

function replyOf(said: unknown, status: number): Pick<UpstashReply, 'refusal' | 'result'> {
  const { error, ...reply } = (said ?? {}) as Record<string, unknown>
  if (status === 200 && 'result' in reply) return { refusal: null, result: reply['result'] }
  if (typeof error === 'string') return { refusal: error.slice(0, 200), result: null }
  throw new NotAsked(`the REST endpoint answered ${status}, and nothing of Upstash`)
}

/** As the header asked; numbers are numbers. */
function decoded(result: unknown): unknown {
  if (Array.isArray(result)) return result.map(decoded)
  return typeof result === 'string' ? Buffer.from(result, 'base64') : result
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

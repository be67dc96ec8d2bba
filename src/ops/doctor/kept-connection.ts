import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { timeLimit } from '../../library/kernel/time-limit.js'
import { inWords } from './in-words.js'

const LONGEST_TEXT = 1024 ** 2
const MOST_CONNECTIONS = 6

/** The service was not reached, or did not answer in time; the message says which, and holds no credential. */
export class NotAsked extends Error {
  override readonly name = 'NotAsked'
  /** It was reached, or may have been, and kept us waiting. */
  readonly late: boolean
  constructor(message: string, { late = false } = {}) {
    super(message)
    this.late = late
  }
}

export interface Question {
  method?: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string
}

export interface Answer {
  status: number
  text: string
  /** From the question to the end of the answer. */
  ms: number
}

/** To an HTTP service. It stands after the first answer, so that what is measured from then on is no handshake. */
export interface KeptConnection {
  /** Questions side by side have a connection each, up to a few. Redirects are not followed: a key must not follow to wherever somebody points. @throws NotAsked */
  ask(url: string, question: Question): Promise<Answer>
  /** Without it the process would wait for the connection. */
  close(): void
}

export function keepConnection(deadlineMs: number, signal: AbortSignal): KeptConnection {
  const options = { keepAlive: true, maxSockets: MOST_CONNECTIONS }
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) }
  return {
    async ask(url, { method = 'GET', headers, body }) {
      const begun = performance.now()
      const time = timeLimit(deadlineMs, signal)
      const { protocol } = new URL(url)
      const agent = protocol === 'https:' ? agents['https:'] : agents['http:']
      const send = protocol === 'https:' ? httpsRequest : httpRequest
      try {
        const response = await new Promise<IncomingMessage>((resolve, reject) => {
          send(url, { method, headers, agent, signal: time.signal }, resolve).on('error', reject).end(body)
        })
        const text = await textOf(response)
        return { status: response.statusCode ?? 0, text, ms: performance.now() - begun }
      } catch (error) {
        if (signal.aborted) throw error
        if (time.isUp) throw new NotAsked(`no answer within ${inWords.time(deadlineMs)}`, { late: true })
        const code = error instanceof Error && 'code' in error ? String(error.code) : 'no connection'
        throw new NotAsked(`it cannot be reached (${code})`)
      } finally {
        time.clear()
      }
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy()
    },
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) {
    if (text.length < LONGEST_TEXT) text += String(chunk)
  }
  return text
}

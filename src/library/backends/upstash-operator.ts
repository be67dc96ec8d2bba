import { timeLimit } from '../kernel/time-limit.js'
import type { Argument, Command, OperatorClient } from './operator-client.js'
import { OperatorError, serverError, whyNotConnected } from './operator-error.js'

export interface UpstashOperatorOptions {
  /** `https://…`, as UPSTASH_REDIS_REST_URL. */
  url: string
  /** As UPSTASH_REDIS_REST_TOKEN. */
  token: string
  /** Longest that one request may take, in ms. @default 3000 */
  deadlineMs?: number
  /** Gives up at once, with the code `ABORTED`. */
  signal?: AbortSignal | undefined
}

/** An operator's client that knows how much it asked for, since every command is paid for. */
export interface UpstashOperatorClient extends OperatorClient {
  /** Commands sent so far; each command of a pipeline is one. */
  readonly commandsSent: number
}

/**
 * The REST interface of Upstash for whoever looks after what is in there; nothing is cached, retried, or sent later.
 * A request that is not answered in time is an error, and what was asked may have been done.
 *
 * A key that is no UTF-8 can be read from a reply and not be sent: its command has an OperatorError `NOT_TEXT` for a reply.
 *
 * @throws OperatorError `UNAUTHORIZED`, `TIMEOUT`, `ABORTED`, `PROTOCOL`, or a system code such as `ECONNREFUSED`
 */
export async function createUpstashOperatorClient(
  options: UpstashOperatorOptions,
): Promise<UpstashOperatorClient> {
  const client = new RestOperatorClient(options)
  await client.send('PING')
  return client
}

type Answer = { result: unknown } | { error: string }

class RestOperatorClient implements UpstashOperatorClient {
  readonly address: string
  readonly exchange = null
  readonly pingRefusal = null
  readonly #options: UpstashOperatorOptions
  readonly #closed = new AbortController()
  commandsSent = 0

  constructor(options: UpstashOperatorOptions) {
    this.#options = options
    const { host, port, protocol } = new URL(options.url)
    this.address = port === '' ? `${host}:${protocol === 'http:' ? 80 : 443}` : host
  }

  async send(...command: Command): Promise<unknown> {
    return toText(await this.sendBytes(...command))
  }

  async sendBytes(...command: Command): Promise<unknown> {
    const [reply] = await this.pipelineBytes([command])
    if (reply instanceof OperatorError) throw reply
    return reply
  }

  async pipeline(commands: readonly Command[]): Promise<unknown[]> {
    return (await this.pipelineBytes(commands)).map(toText)
  }

  async pipelineBytes(commands: readonly Command[]): Promise<unknown[]> {
    const words = commands.map((command) => command.map(asJson))
    const sent = words.filter((command) => !command.includes(null))
    const answers = sent.length === 0 ? [] : await this.#post(sent)
    let next = 0
    return words.map((command) => {
      if (command.includes(null))
        return new OperatorError('NOT_TEXT', 'A key that is no text cannot be sent by REST.')
      return this.#reply(answers[next++])
    })
  }

  close(): void {
    this.#closed.abort()
  }

  #reply(answer: Answer | undefined): unknown {
    if (!answer) throw this.#badAnswer()
    if ('result' in answer) return decoded(answer.result)
    return serverError(Object.assign(new Error(answer.error), { name: 'ReplyError' }), this.address)
  }

  async #post(commands: unknown[]): Promise<Answer[]> {
    const { url, token, deadlineMs = 3000, signal } = this.#options
    const time = timeLimit(deadlineMs, this.#closed.signal, ...(signal ? [signal] : []))
    this.commandsSent += commands.length
    try {
      const response = await fetch(new URL('pipeline', url.endsWith('/') ? url : `${url}/`), {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          'upstash-encoding': 'base64',
        },
        body: JSON.stringify(commands),
        // The token goes to the host that was named, and nowhere else.
        redirect: 'error',
        signal: time.signal,
      })
      return this.#answers(response.status, await response.text())
    } catch (error) {
      if (error instanceof OperatorError) throw error
      if (signal?.aborted) {
        throw new OperatorError('ABORTED', `${this.address} was not waited for any longer.`, {
          cause: signal.reason,
        })
      }
      if (this.#closed.signal.aborted) {
        throw new OperatorError('CLOSED', `The connection to ${this.address} is closed.`)
      }
      if (time.isUp) {
        throw new OperatorError('TIMEOUT', `${this.address} did not answer within ${deadlineMs} ms.`)
      }
      // What went wrong is the cause of what fetch throws.
      throw whyNotConnected(error instanceof Error && error.cause ? error.cause : error, this.address)
    } finally {
      time.clear()
    }
  }

  #answers(status: number, text: string): Answer[] {
    if (status === 401) {
      throw new OperatorError('UNAUTHORIZED', `${this.address} does not accept this token.`)
    }
    const body = parsed(text)
    if (status === 200 && Array.isArray(body)) return body as Answer[]
    const said = typeof body === 'object' && body !== null && 'error' in body ? String(body.error) : null
    const refusal = said && serverError(Object.assign(new Error(said), { name: 'ReplyError' }), this.address)
    throw refusal || this.#badAnswer(status)
  }

  #badAnswer(status?: number): OperatorError {
    const answered = status === undefined ? 'too few replies' : `${status}, and nothing of Upstash`
    return new OperatorError('PROTOCOL', `${this.address} answered ${answered}.`)
  }
}

/** Null for bytes that are no text, which JSON cannot hold. */
function asJson(word: Argument): string | number | null {
  if (!Buffer.isBuffer(word)) return word
  const text = word.toString()
  return Buffer.from(text).equals(word) ? text : null
}

/** `OK` is the one text that Upstash does not encode. */
function decoded(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(decoded)
  if (typeof reply !== 'string') return reply
  return reply === 'OK' ? Buffer.from(reply) : Buffer.from(reply, 'base64')
}

function toText(reply: unknown): unknown {
  if (Array.isArray(reply)) return reply.map(toText)
  return Buffer.isBuffer(reply) ? reply.toString() : reply
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

import {
  createOperatorClient,
  type Command,
  type OperatorClient,
} from '../../../library/backends/operator.js'
import { OperatorError } from '../../../library/backends/operator-error.js'
import { RestError } from './rest-error.js'

/** No fault is judged by it; it only keeps requests from piling up behind a server that hangs. */
const DEADLINE_MS = 10_000

/**
 * The endpoint's one connection to Redis: made when it is needed, and made anew after it was lost. RESP2, whose replies
 * are those of the REST API.
 */
export class RedisLink {
  readonly #url: string
  #client: Promise<OperatorClient> | null = null
  #closed = false

  constructor(url: string) {
    this.#url = url
  }

  /** @throws OperatorError when Redis refuses it, RestError 503 when Redis cannot be asked */
  async send(command: Command): Promise<unknown> {
    return this.#ask((client) => client.sendBytes(...command))
  }

  /** In one go, so that nothing of another request comes in between; refusals stand among the replies. */
  async pipeline(commands: readonly Command[]): Promise<unknown[]> {
    return this.#ask((client) => client.pipelineBytes(commands))
  }

  async close(): Promise<void> {
    this.#closed = true
    const client = await this.#client?.catch(() => null)
    client?.close()
  }

  async #ask<T>(question: (client: OperatorClient) => Promise<T>): Promise<T> {
    if (this.#closed) throw unavailable()
    const connecting = (this.#client ??= createOperatorClient({
      url: this.#url,
      protocol: 2,
      deadlineMs: DEADLINE_MS,
    }))
    let client: OperatorClient
    try {
      client = await connecting
    } catch {
      this.#letGo(connecting)
      throw unavailable()
    }
    try {
      return await question(client)
    } catch (error) {
      if (error instanceof OperatorError && error.reply !== null) throw error
      this.#letGo(connecting)
      client.close()
      throw unavailable()
    }
  }

  /** Others may have connected again by now. */
  #letGo(connection: Promise<OperatorClient>): void {
    if (this.#client === connection) this.#client = null
  }
}

function unavailable(): RestError {
  return new RestError(503, 'Service Unavailable: the Redis behind this emulated endpoint does not answer')
}

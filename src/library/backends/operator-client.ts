import type { OperatorError } from './operator-error.js'

export interface OperatorClientOptions {
  /** `redis://` or `rediss://`. */
  url: string
  /** Used when the URL carries none. */
  password?: string | undefined
  /** Longest that one command, or one pipeline as a whole, may wait for its replies, in ms. @default 1000 */
  deadlineMs?: number
  /** Longest that connecting, logging in and the first answer may take together, in ms. @default 2000 */
  connectTimeoutMs?: number
  /** 2: replies as RESP2 knows them, also inside the reply of EXEC. @default 3, where the server speaks it */
  protocol?: 2 | 3
  /**
   * Gives up, with the code `ABORTED`: connecting at once, a connection that stands after 250 ms, in which a server that
   * is well still says what it did.
   */
  signal?: AbortSignal | undefined
  /**
   * Codes with which the server may refuse the first PING and is connected all the same: `MISCONF`, which still serves
   * reads, or `NOPERM`. What it said is then in `pingRefusal`. @default none
   */
  despite?: readonly string[] | undefined
}

export type Argument = string | number | Buffer
export type Command = readonly [name: string, ...args: Argument[]]

/** One connection to one server for whoever looks after it; nothing is cached, retried, or sent later. */
export interface OperatorClient {
  /** `host:port`; holds no credential. */
  readonly address: string
  /** What the server said in place of the first PONG, when it was connected `despite` that; else null. */
  readonly pingRefusal: OperatorError | null
  /** The reply with its texts as strings. @throws OperatorError */
  send(...command: Command): Promise<unknown>
  /** The reply with its texts as Buffers, for keys and values, which need not be text. @throws OperatorError */
  sendBytes(...command: Command): Promise<unknown>
  /** The replies in order; where the server refused a command its OperatorError stands. @throws OperatorError when the connection failed */
  pipeline(commands: readonly Command[]): Promise<unknown[]>
  /** As `pipeline`, with texts as Buffers. */
  pipelineBytes(commands: readonly Command[]): Promise<unknown[]>
  /**
   * As `pipelineBytes`, for commands by the thousand, which the caller has encoded. More may be sent before the replies
   * are there. Null where the server is not spoken to in its own protocol.
   */
  readonly exchange: ((payload: Buffer, commands: number) => Promise<unknown[]>) | null
  /** Ends the connection at once. Idempotent. */
  close(): void
}

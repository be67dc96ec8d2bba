import { replyBeginning } from './reply-beginning.js'

/**
 * What went wrong between an operator and a server, in one sentence that holds no credential and no argument of a
 * command. What the server said is in it as it came: sanitise before showing.
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorError'
  /** `TIMEOUT`, `CLOSED`, `ABORTED`, a system code such as `ECONNREFUSED`, or the first word of the server's error such as `NOAUTH`. */
  readonly code: string
  /** The server's own words about a command that it refused, without its arguments; null when it said nothing. */
  readonly reply: string | null
  constructor(code: string, message: string, options: ErrorOptions & { reply?: string } = {}) {
    super(message, options)
    this.code = code
    this.reply = options.reply ?? null
  }
}

/** The server's own refusal of a command; null when the error came from the client or the connection. */
export function serverError(error: unknown, address: string): OperatorError | null {
  if (!(error instanceof Error) || error.name !== 'ReplyError') return null
  const code = /^[A-Z]+/.exec(error.message)?.[0] ?? 'ERR'
  // Redis repeats what it was sent; the arguments may be a password or somebody's data. The error itself carries the
  // whole command, so it is no cause of ours either.
  const reply = replyBeginning(error.message.replace(/,? with args beginning with:.*/s, ''), 300)
  return new OperatorError(code, SENTENCES[code]?.(address) ?? `${address} answered: ${reply}`, { reply })
}

const SENTENCES: Record<string, (address: string) => string> = {
  NOAUTH: (address) => `${address} asks for a password and none was given.`,
  WRONGPASS: (address) => `${address} does not accept this user or password.`,
  LOADING: (address) => `${address} is loading its data and answers nothing yet.`,
  ECONNREFUSED: (address) => `Nobody listens on ${address}: the connection was refused.`,
  ENOTFOUND: (address) => `There is no host of that name: ${address}.`,
  EAI_AGAIN: (address) => `The name of ${address} could not be looked up.`,
  TIMEOUT: (address) => `${address} did not accept the connection in time.`,
  PROTOCOL: (address) => `What answers on ${address} does not speak the Redis protocol.`,
  ECONNRESET: (address) => `${address} cut the connection.`,
}

/** Why there is no connection, out of whatever the client rejected with. */
export function whyNotConnected(error: unknown, address: string): OperatorError {
  const refusal = serverError(error, address)
  if (refusal) return refusal
  const given =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'CLOSED'
  const code =
    (error instanceof Error && codeOfMessage(error.message)) || (given === 'ETIMEDOUT' ? 'TIMEOUT' : given)
  const known = SENTENCES[code]
  if (known) return new OperatorError(code, known(address), { cause: error })
  const said = error instanceof Error && code !== 'CLOSED' ? `: ${error.message}` : ''
  return new OperatorError(code, `No connection to ${address} could be made${said}.`, { cause: error })
}

/** Errors that ioredis gives no code: its own timer's, and those of its parsers (6 and 5) about what is no reply. */
function codeOfMessage(message: string): string | null {
  if (message === 'connect ETIMEDOUT') return 'TIMEOUT'
  return /^(?:Unknown RESP type|Protocol error)/.test(message) ? 'PROTOCOL' : null
}

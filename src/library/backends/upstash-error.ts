import { BadReplyError } from '../kernel/errors.js'
import { replyBeginning } from './reply-beginning.js'

/** @upstash/redis ends the server's text like this, keys and values and all. */
const COMMAND = ', command was: '
const UNREADABLE = new Set(['UpstashJSONParseError', 'SyntaxError'])
/** Redis repeats what it was sent. */
const ARGUMENTS = /,? with args beginning with:.*/s

/**
 * What went wrong, without what @upstash/redis puts into its messages: the command with its keys and values, the first
 * 200 characters of a body that is no JSON, or, where a header is invalid, the token.
 */
export function withoutContents(error: unknown): Error {
  if (!(error instanceof Error)) return new BadReplyError()
  // The body of a proxy's error page (a SyntaxError before 1.36), or a JSON text without the fields that it must have.
  if (UNREADABLE.has(error.name) || (error instanceof TypeError && error.cause === undefined))
    return new BadReplyError()
  if (error.name !== 'UpstashError') return error
  const [reply = ''] = error.message.split(COMMAND, 1)
  return Object.assign(new Error(replyBeginning(reply.replace(ARGUMENTS, ''), 300)), { name: 'UpstashError' })
}

/** Whether Redis itself refused the command, as opposed to the service in front of it. */
export function isRedisReply(error: unknown): boolean {
  return error instanceof Error && error.name === 'UpstashError' && /^[A-Z]{2,} /.test(error.message)
}

import { NotConnectedError } from '../kernel/errors.js'

export const WRONG_DATABASE = 'WRONG_DATABASE'

/** What a server says when it turns a connection away is no answer to the operation that wanted one. */
export function whyNotConnected(error: Error | null): Error {
  if (error?.name !== 'ReplyError') return error ?? new NotConnectedError()
  if (error.message.includes('DB index')) return new NotConnectedError({ code: WRONG_DATABASE })
  return new NotConnectedError({ code: /^[A-Z]+/.exec(error.message)?.[0] })
}

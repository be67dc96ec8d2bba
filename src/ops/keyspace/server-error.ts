import { OperatorError } from '../../library/backends/operator-error.js'
import { EnvironmentError } from '../report/errors.js'

/** What went wrong with the server as something that its owner can act on; anything else comes back as it was. */
export function toEnvironmentError(error: unknown): unknown {
  if (!(error instanceof OperatorError)) return error
  return new EnvironmentError(`REDIS_${error.code}`, error.message, WAYS_OUT[error.code] ?? [], {
    cause: error,
  })
}

const PASSWORD = 'set REDIS_PASSWORD, or put user and password into REDIS_URL'
const WAYS_OUT: Record<string, string[]> = {
  NOAUTH: [PASSWORD],
  WRONGPASS: [PASSWORD],
  UNAUTHORIZED: ['set UPSTASH_REDIS_REST_TOKEN to the token that belongs to UPSTASH_REDIS_REST_URL'],
  NOPERM: ['a user whose ACL allows it; docs/keys.md lists what is needed to look, to purge and to restore'],
  NO_DATABASE: ['correct the database at the end of the URL, as in redis://host:6379/0'],
  LOADING: ['wait until it has loaded its data'],
  ECONNREFUSED: ['check host and port of REDIS_URL, and that the server runs'],
  ENOTFOUND: ['check the host in REDIS_URL'],
  TIMEOUT: ['check that the process is not stopped or stuck, and that no firewall swallows packets'],
}

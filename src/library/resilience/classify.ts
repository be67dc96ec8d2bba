/**
 * What an error of the backend means (library study §4.3).
 *
 * `failure`: it is not usable, counts towards the breaker · `refused`: it works but declined this write ·
 * `configuration`: credentials or quota; as a failure, but waiting will not cure it · `neither`: says nothing about
 * the backend's health.
 */
export type ErrorClass = 'failure' | 'refused' | 'configuration' | 'neither'

export interface Classification {
  class: ErrorClass
  /** Low in cardinality and free of keys, values and credentials: fit for a metric label and a log. */
  errorType: string
}

const REPLIES: Record<string, ErrorClass> = {
  OOM: 'refused',
  READONLY: 'refused',
  MISCONF: 'refused',
  NOPERM: 'refused',
  NOREPLICAS: 'refused',
  NOAUTH: 'configuration',
  WRONGPASS: 'configuration',
  LOADING: 'failure',
  BUSY: 'failure',
  MASTERDOWN: 'failure',
  CLUSTERDOWN: 'failure',
  TRYAGAIN: 'failure',
  MOVED: 'failure',
  ASK: 'failure',
  NOSCRIPT: 'neither',
  WRONGTYPE: 'neither',
  ERR: 'neither',
}

/** What a server says that will serve again by itself, slots that have moved included: they move back after a failover. */
const NOT_YET = new Set(['LOADING', 'BUSY', 'MASTERDOWN', 'CLUSTERDOWN', 'TRYAGAIN', 'MOVED', 'ASK'])

/** Whether a failure of this type was an answer, from a backend that is there and cannot serve now. */
export function isNotYet(errorType: string): boolean {
  return NOT_YET.has(errorType)
}

const REPLY_CODE =
  /(?:^|\s|-)(OOM|READONLY|MISCONF|NOPERM|NOREPLICAS|NOAUTH|WRONGPASS|LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|NOSCRIPT|WRONGTYPE)\s/

/** What the REST service says of the statuses 401, 403 and 429, and of requests and databases that are too large. */
const REST_REFUSALS: readonly [RegExp, ErrorClass, string][] = [
  [/^Unauthorized\b/i, 'configuration', 'UNAUTHORIZED'],
  [/^Forbidden\b/i, 'configuration', 'FORBIDDEN'],
  [/\bmax (?:\w+ )?requests? limit\b|\btoo many requests\b|\brate limit/i, 'configuration', 'QUOTA'],
  [/\bmax [\w ]*size exceeded\b/i, 'refused', 'TOO_LARGE'],
]

/** What ioredis says of a connection that ended, and of one that is not there. */
const NO_CONNECTION = /^(Connection is closed|Stream isn't writeable)/

/** Never throws, whatever was thrown. */
export function classify(error: unknown): Classification {
  try {
    return classifyThrown(error)
  } catch {
    // An error that cannot even be looked at.
    return { class: 'failure', errorType: 'unknown' }
  }
}

function classifyThrown(error: unknown): Classification {
  if (!(error instanceof Error)) return { class: 'failure', errorType: 'unknown' }
  const { code } = error as { code?: unknown }
  if (error instanceof TypeError) return classifyTypeError(error)
  if (error.name === 'ReplyError')
    return classifyReply(error.message) ?? { class: 'neither', errorType: 'ERR' }
  if (error.name === 'UpstashError') return classifyUpstash(error.message)
  // What it could not parse is the error page of something in between, and stands in its message.
  if (error.name === 'UpstashJSONParseError') return { class: 'failure', errorType: 'UNREADABLE_REPLY' }
  // The server answers and only keeps its time to itself.
  if (code === 'CLOCK_UNKNOWN') return { class: 'refused', errorType: code }
  if (isCode(code)) return { class: 'failure', errorType: code }
  if (error.name === 'TimeoutError' || error.message === 'Command timed out')
    return { class: 'failure', errorType: 'DEADLINE' }
  if (NO_CONNECTION.test(error.message)) return { class: 'failure', errorType: 'NOT_CONNECTED' }
  const type = /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'Error'
  return { class: 'failure', errorType: type }
}

/** A missing method is the embedder's mistake; fetch reports the network as a TypeError too, but with a cause. */
function classifyTypeError({ cause }: TypeError): Classification {
  if (cause === undefined) return { class: 'neither', errorType: 'TypeError' }
  const code = (cause as { code?: unknown } | null)?.code
  return { class: 'failure', errorType: isCode(code) ? code : 'FETCH_FAILED' }
}

/** Scripts wrap the reply of the command that failed, so the code is looked for anywhere in the text. */
function classifyReply(text: string): Classification | null {
  const reply = REPLY_CODE.exec(`${text} `)?.[1]
  return reply === undefined ? null : { class: REPLIES[reply] ?? 'neither', errorType: reply }
}

/** What Upstash answers is all there is: its client keeps the status of the answer to itself. */
function classifyUpstash(message: string): Classification {
  // The client adds the command with its keys and values, which may say anything.
  const text = message.split(', command was: ', 1)[0] ?? ''
  const refusal = REST_REFUSALS.find(([pattern]) => pattern.test(text))
  if (refusal) return { class: refusal[1], errorType: refusal[2] }
  const reply = classifyReply(text)
  if (reply) return reply
  // Whatever else begins like a reply of Redis is one; the rest comes from the service, which then is not well.
  return /^(?:Command (?:\d+ \[ \w+ \] )?failed: )?ERR /.test(text)
    ? { class: 'neither', errorType: 'ERR' }
    : { class: 'failure', errorType: 'REST_ERROR' }
}

function isCode(code: unknown): code is string {
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code)
}

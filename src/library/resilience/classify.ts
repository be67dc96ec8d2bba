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

const REPLY_CODE =
  /(?:^|\s|-)(OOM|READONLY|MISCONF|NOPERM|NOREPLICAS|NOAUTH|WRONGPASS|LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|MOVED|ASK|NOSCRIPT|WRONGTYPE)\s/

/** What ioredis says of a connection that ended, and of one that is not there. */
const NO_CONNECTION = /^(Connection is closed|Stream isn't writeable)/

/** Never throws, whatever was thrown. */
export function classify(error: unknown): Classification {
  if (!(error instanceof Error)) return { class: 'failure', errorType: 'unknown' }
  const { code } = error as { code?: unknown }
  // A missing method is the embedder's mistake; fetch reports the network as a TypeError too, but with a cause.
  if (error instanceof TypeError && error.cause === undefined)
    return { class: 'neither', errorType: 'TypeError' }
  if (error.name === 'ReplyError') {
    // Scripts wrap the reply of the command that failed, so the code is looked for anywhere in the text.
    const reply = REPLY_CODE.exec(`${error.message} `)?.[1] ?? 'ERR'
    return { class: REPLIES[reply] ?? 'neither', errorType: reply }
  }
  // The server answers and only keeps its time to itself.
  if (code === 'CLOCK_UNKNOWN') return { class: 'refused', errorType: code }
  if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{1,40}$/.test(code))
    return { class: 'failure', errorType: code }
  if (error.message === 'Command timed out') return { class: 'failure', errorType: 'DEADLINE' }
  if (NO_CONNECTION.test(error.message)) return { class: 'failure', errorType: 'NOT_CONNECTED' }
  const type = /^[A-Za-z]{1,40}$/.test(error.name) ? error.name : 'Error'
  return { class: 'failure', errorType: type }
}

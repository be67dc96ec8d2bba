import type { OperatorError } from '../../library/backends/operator-error.js'
import type { BareAnswer } from './bare-question.js'
import { ENCRYPTED, PLAIN, tlsTrouble, type TlsTrouble } from './tls-trouble.js'

/** The ways in which Redis can be away. Which it is decides what a client feels, and what helps. */
export type AwayKind =
  | 'refused'
  | 'stalled'
  | 'unreachable'
  | 'dns'
  | 'tls'
  | 'auth'
  | 'no ping'
  | 'loading'
  | 'busy'
  | 'masterdown'
  | 'misconf'
  | 'full of clients'
  | 'cut'
  | 'quota'
  | 'no redis'
  | 'no database'
  | 'other'

export interface Away {
  kind: AwayKind
  /** One sentence, with the server's own words where it had any. */
  evidence: string
  /** What helps, where the evidence tells more than the kind does. */
  text?: string
}

export interface Seen extends BareAnswer {
  /** The URL asks for TLS. */
  tls: boolean
}

/** @param seen of a plain connection, made meanwhile; null for an error that speaks for itself */
export function awayOf(error: OperatorError, seen: Seen | null): Away {
  if (error.code === 'TIMEOUT') return inSilence(seen)
  const trouble = tlsTrouble(error.code)
  if (trouble) return withTls(trouble)
  return { kind: kindOf(error), evidence: error.message }
}

function inSilence(seen: Seen | null): Away {
  if (seen?.accepted === false) {
    return {
      kind: 'unreachable',
      evidence:
        'Nobody answers to a new connection: the host is down, packets are swallowed, or it hangs and its queue of connections is full.',
    }
  }
  const said = seen?.said ?? null
  if (said === null) {
    return {
      kind: 'stalled',
      evidence: 'It accepts connections and answers nothing: the process is stopped or stuck.',
    }
  }
  const isReply = /^[+-]/.test(said)
  if (seen?.tls) {
    // What else it says may be a complaint about what is no handshake.
    if (isReply) return withTls(PLAIN)
    return { kind: 'tls', evidence: 'It accepts connections, and no handshake came to its end in time.' }
  }
  if (!isReply) return { kind: 'no redis', evidence: `It speaks something else: ${said}` }
  if (said.startsWith('+')) {
    return {
      kind: 'other',
      evidence:
        'It answers a bare PING, and nothing to a client that introduces itself (HELLO, CLIENT SETNAME).',
    }
  }
  return {
    kind: kindOfWords(said.slice(1)),
    evidence: `It does not let a client in, and says: ${said.slice(1)}`,
  }
}

/** What it says is long, and ends in advice for who sits at its machine. */
const PROTECTED: Away = {
  kind: 'cut',
  evidence: 'It is in protected mode: without a password it lets in nobody from another machine (DENIED).',
  text: 'Give its default user a password, and the application the same (REDIS_PASSWORD); protected-mode no alone would open it to everybody.',
}

/** A cut connection, told apart by what the server said before it cut, and by whether it speaks TLS. */
export function cutOff(away: Away, said: string | null, speaksTls: boolean): Away {
  if (said?.startsWith('DENIED')) return PROTECTED
  if (said !== null) {
    const kind = kindOfWords(said)
    return {
      kind: kind === 'other' ? away.kind : kind,
      evidence: `It cuts every connection and says: ${said}`,
    }
  }
  return speaksTls ? withTls(ENCRYPTED) : away
}

/** @param error what it said to PING, of a server that is connected all the same */
export function refusesPing(error: OperatorError, reads: boolean): Away {
  if (error.code === 'MISCONF') {
    return { kind: 'misconf', evidence: `It serves reads, and refuses writes and PING: ${error.reply ?? ''}` }
  }
  return reads
    ? { kind: 'no ping', evidence: 'It lets this user in and read, and does not allow it to PING.' }
    : { kind: 'auth', evidence: 'It knows this user, and allows it neither PING nor GET (NOPERM).' }
}

function withTls({ why, text }: TlsTrouble): Away {
  return { kind: 'tls', evidence: why, text }
}

function kindOf({ code, message }: OperatorError): AwayKind {
  return code === 'ERR' ? kindOfWords(message) : kindOfCode(code)
}

/** Of a system error, or the first word of a server's. */
export function kindOfCode(code: string): AwayKind {
  return KINDS[code] ?? 'other'
}

/** Of the words of a server's error. */
function kindOfWords(words: string): AwayKind {
  if (words.includes('max number of clients')) return 'full of clients'
  return KINDS[/^[A-Z]+(?=\s|$)/.exec(words)?.[0] ?? ''] ?? 'other'
}

const KINDS: Record<string, AwayKind> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  NOAUTH: 'auth',
  WRONGPASS: 'auth',
  NOPERM: 'auth',
  LOADING: 'loading',
  BUSY: 'busy',
  UNKILLABLE: 'busy',
  MASTERDOWN: 'masterdown',
  MISCONF: 'misconf',
  ECONNRESET: 'cut',
  EPIPE: 'cut',
  CLOSED: 'cut',
  PROTOCOL: 'no redis',
  NO_DATABASE: 'no database',
  BAD_URL: 'no database',
}

/** Said of a check that was not run, because Redis is away. */
export const SKIPPED_WHILE_AWAY = 'Redis is away (CON-001)'

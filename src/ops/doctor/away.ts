import type { OperatorError } from '../../library/backends/operator-error.js'
import type { Remediation } from '../report/doctor-report.js'

/** The ways in which Redis can be away. Which it is decides what a client feels, and what helps. */
export type AwayKind =
  | 'refused'
  | 'stalled'
  | 'unreachable'
  | 'dns'
  | 'tls'
  | 'auth'
  | 'loading'
  | 'full of clients'
  | 'cut'
  | 'no redis'
  | 'no database'
  | 'other'

export interface Away {
  kind: AwayKind
  /** One sentence, with the server's own words where it had any. */
  evidence: string
}

export interface Seen {
  /** Whether a plain TCP connection was accepted meanwhile; null when that is not known. */
  accepted: boolean | null
  /** The URL asks for TLS. */
  tls: boolean
}

export function awayOf(error: OperatorError, { accepted, tls }: Seen): Away {
  const kind = kindOf(error, accepted)
  if (kind === 'stalled') {
    const orPlain = tls ? ', or it does not speak TLS' : ''
    return {
      kind,
      evidence: `It accepts connections and answers nothing: the process is stopped or stuck${orPlain}.`,
    }
  }
  if (kind === 'unreachable') {
    return {
      kind,
      evidence: 'Nobody answers to a new connection: the host is down, or packets are swallowed.',
    }
  }
  return { kind, evidence: error.message }
}

/** A cut connection, told apart by what the server said before it cut. */
export function cutOff(away: Away, said: string | null): Away {
  if (said === null) return away
  const kind = said.includes('max number of clients') ? 'full of clients' : away.kind
  return { kind, evidence: `It cuts every connection and says: ${said}` }
}

function kindOf({ code, message }: OperatorError, accepted: boolean | null): AwayKind {
  if (code === 'TIMEOUT') return accepted === false ? 'unreachable' : 'stalled'
  if (code === 'ERR' && message.includes('max number of clients')) return 'full of clients'
  const known = KINDS[code]
  if (known) return known
  return /^ERR_(?:TLS|SSL|OSSL)|CERT|UNABLE_TO|DEPTH_ZERO|EPROTO/.test(code) ? 'tls' : 'other'
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
  ECONNRESET: 'cut',
  EPIPE: 'cut',
  CLOSED: 'cut',
  PROTOCOL: 'no redis',
  NO_DATABASE: 'no database',
  BAD_URL: 'no database',
}

/** Said of a check that was not run, because Redis is away. */
export const SKIPPED_WHILE_AWAY = 'Redis is away (CON-001)'

/** What to do about each, the likeliest first. */
export const WAYS_BACK: Record<AwayKind, Partial<Remediation>> = {
  refused: {
    text: 'Start the server, or correct host and port in REDIS_URL.',
    commands: ['systemctl status redis-server', 'ss -ltnp | grep -w redis-server'],
  },
  stalled: {
    text: 'On the server: is the process stopped, swapping, forking, or in a long script? Restart it if nothing else helps; the cache refills itself.',
    commands: ['ps -o stat,etime,rss,cmd -C redis-server', 'redis-cli SCRIPT KILL'],
  },
  unreachable: { text: 'Check that the host is up, and the route, security groups and firewall in between.' },
  dns: { text: 'Correct the host in REDIS_URL, or the resolver of this machine.' },
  tls: {
    text: 'Make the scheme fit the server (redis:// or rediss://), and trust its certificate with NODE_EXTRA_CA_CERTS.',
  },
  auth: {
    text: 'Set REDIS_PASSWORD, or put user and password into REDIS_URL; then check the ACL of that user.',
  },
  loading: {
    text: 'Wait until it has loaded its data.',
    commands: ['redis-cli INFO persistence'],
  },
  'full of clients': {
    text: 'Every connection is taken: find who holds them, then raise maxclients.',
    commands: ['redis-cli CLIENT LIST'],
  },
  cut: {
    text: 'The server or something in front of it cuts connections: check its log, TLS, and protected mode.',
  },
  'no redis': {
    text: 'Something else listens there: correct host and port, or the scheme (rediss:// for TLS).',
  },
  'no database': {
    text: 'Correct the database at the end of REDIS_URL, as in redis://host:6379/0.',
    commands: ['redis-cli CONFIG GET databases'],
  },
  other: {},
}

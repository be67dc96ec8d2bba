import type { Remediation } from '../report/doctor-report.js'
import type { Away, AwayKind } from './away.js'
import { OVER_QUOTA_REMEDY } from './upstash-refusal.js'

/** What to do about it, the likeliest first. */
export function wayBack({ kind, text }: Away): Partial<Remediation> {
  const usual = WAYS_BACK[kind]
  return text === undefined ? usual : { ...usual, text }
}

const WAYS_BACK: Record<AwayKind, Partial<Remediation>> = {
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
  'no ping': {
    text: 'Allow +ping to this user, or run doctor as one who may: what pings before it serves takes Redis for dead.',
  },
  loading: {
    text: 'Wait until it has loaded its data.',
    commands: ['redis-cli INFO persistence'],
  },
  busy: {
    text: 'End the script that holds it; one that has written can only be waited for, or the server be shut down.',
    commands: ['redis-cli SCRIPT KILL', 'redis-cli FUNCTION KILL'],
  },
  masterdown: {
    text: 'Bring its primary back, or make it the primary; until then point REDIS_URL elsewhere. A cache may serve old data (replica-serve-stale-data yes).',
    commands: ['redis-cli INFO replication', 'redis-cli REPLICAOF NO ONE'],
  },
  misconf: {
    text: 'Free the disk that it saves to; a pure cache needs no snapshots at all.',
    commands: ['redis-cli INFO persistence', 'redis-cli CONFIG SET stop-writes-on-bgsave-error no'],
  },
  'full of clients': {
    text: 'Every connection is taken: find who holds them, then raise maxclients.',
    commands: ['redis-cli CLIENT LIST'],
  },
  cut: {
    text: 'The server or something in front of it cuts connections: check its log, and with TLS whether it asks for a certificate of the client.',
  },
  'no redis': {
    text: 'Something else listens there: correct host and port, or the scheme (rediss:// for TLS).',
  },
  'no database': {
    text: 'Correct the database at the end of REDIS_URL, as in redis://host:6379/0.',
    commands: ['redis-cli CONFIG GET databases'],
  },
  quota: OVER_QUOTA_REMEDY,
  other: { text: 'Look at the log of the server, and at what stands between (a proxy, a tunnel).' },
}

const SERVICE =
  'See what the console of Upstash says of this database, and that UPSTASH_REDIS_REST_URL is its address.'
const WAY_OUT =
  'Correct UPSTASH_REDIS_REST_URL, or open the way out of this network (proxy, firewall, resolver).'

const OVER_REST: Partial<Record<AwayKind, string>> = {
  auth: 'Copy UPSTASH_REDIS_REST_TOKEN again from the console of Upstash: each database has its own.',
  tls: 'See whose certificate it is (a proxy in between?); one of an authority of your own is trusted with NODE_EXTRA_CA_CERTS. UPSTASH_REDIS_REST_URL says https:// to TLS alone.',
  quota: OVER_QUOTA_REMEDY.text,
  refused: WAY_OUT,
  dns: WAY_OUT,
  unreachable: WAY_OUT,
  cut: WAY_OUT,
  'no redis': WAY_OUT,
}

/** The same over REST, where there is no server of one's own to look at. */
export function wayBackOverRest({ kind }: Away): Partial<Remediation> {
  return { text: OVER_REST[kind] ?? SERVICE }
}

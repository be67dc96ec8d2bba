import type { CheckReport, Impact } from '../report/doctor-report.js'

/** How Redis is there and no help, and what its users feel of it. */
export interface HalfDead extends Pick<Impact, 'kind' | 'headline'> {
  /** `dries up`: reads hit until the TTLs end. `refused`: every call is answered with an error. `waits`: as with a server that loads. */
  calls: 'served in part' | 'dries up' | 'refused' | 'waits'
  /** Null: it depends on their client alone. */
  users: string | null
}

const RUNS_DRY = 'Users: reads still hit until the TTLs end; nothing new is stored.'
const KEEPS_OLD = `${RUNS_DRY} Invalidations are refused as well: what was changed or revoked is served until its TTL ends.`
const REFUSED = 'Users: each cache call is refused at once.'

const KINDS: Record<string, Omit<HalfDead, 'kind' | 'headline'> & { how: string }> = {
  loading: {
    how: 'it is up, and refuses every command until its data is loaded',
    calls: 'waits',
    users: null,
  },
  busy: { how: 'a script holds it, and every other command is refused', calls: 'refused', users: REFUSED },
  masterdown: {
    how: 'it is a replica that has lost its primary, and serves no data',
    calls: 'refused',
    users: REFUSED,
  },
  misconf: {
    how: 'it could not save its data, and refuses every write for that',
    calls: 'dries up',
    users: KEEPS_OLD,
  },
  'full of clients': {
    how: 'who is connected is served, and nobody else gets in',
    calls: 'served in part',
    users:
      'Users: a process that is connected notices nothing; one that starts or connects again is without Redis.',
  },
  readonly: {
    how: 'it is a replica, which serves reads and refuses every write',
    calls: 'dries up',
    users: KEEPS_OLD,
  },
  oom: {
    how: 'it is full and may not evict: it serves reads, and refuses what would need memory',
    calls: 'dries up',
    users: RUNS_DRY,
  },
  quota: {
    how: 'the commands of its plan are used up, and every further one is refused',
    calls: 'refused',
    users: REFUSED,
  },
  noperm: {
    how: 'its ACL forbids this user what the application needs',
    calls: 'dries up',
    users: `If the application is this user: what it may read hits until the TTLs end, and nothing new is stored.`,
  },
  'writes refused': {
    how: 'it serves reads, and refuses what the application needs',
    calls: 'dries up',
    users: RUNS_DRY,
  },
}

/** Null when this kind of away is no half of it: nobody is served, or we alone are kept out. */
export function halfDead(kind: string): HalfDead | null {
  const known = KINDS[kind]
  if (!known) return null
  const { how, ...rest } = known
  return { kind, headline: `Redis is half dead (${kind}): ${how}.`, ...rest }
}

/** Which half, of a server that says PONG, out of what its checks found; null when it takes writes, or nobody looked. */
export function refusesWrites(checks: readonly CheckReport[]): string | null {
  const failed = new Map(checks.filter(({ status }) => status === 'FAIL').map((check) => [check.id, check]))
  if (failed.has('REP-001')) return 'readonly'
  // A server that may not evict and is over its limit refuses, which can be told without a write.
  if ((failed.get('MEM-001')?.value ?? 0) >= 100) return 'oom'
  const write = failed.get('WRI-001') ?? failed.get('WRI-002') ?? failed.get('UPS-003')
  if (!write) return null
  const word = /\(([A-Z]+)\)/.exec(write.message)?.[1]?.toLowerCase() ?? ''
  return word in KINDS ? word : 'writes refused'
}

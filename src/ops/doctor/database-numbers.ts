import type { Finding } from './finding.js'

/** What Postgres says of itself, of the whole server; null for what it does not tell. */
export interface DatabaseNumbers {
  /** Whether the owner of the function may see the sessions of others; without, it counts none. */
  seesAllSessions: boolean
  /** Sessions of clients, whoever asks included. */
  connections: number | null
  /** Of them, those that run something, without whoever asks. */
  activeConnections: number | null
  maxConnections: number | null
  /** Of them, those that only superusers and monitoring may take. */
  reservedConnections: number | null
  longestQuerySeconds: number | null
  longestIdleInTransactionSeconds: number | null
  waitingForLocks: number | null
  longestLockWaitSeconds: number | null
  /** Of this database, found in shared buffers and not, since the statistics began. */
  blocksHit: number | null
  blocksRead: number | null
  /** Null: they were never reset. */
  statisticsAgeSeconds: number | null
  uptimeSeconds: number | null
}

/** Of what the function answers; a number that an older one lacks is null. */
export function numbersOf(body: Record<string, unknown>): DatabaseNumbers {
  const number = (name: string) => {
    const value = body[name]
    return typeof value === 'number' && Number.isFinite(value) ? value : null
  }
  return {
    seesAllSessions: body['sees_all_sessions'] === true,
    connections: number('connections'),
    activeConnections: number('active_connections'),
    maxConnections: number('max_connections'),
    reservedConnections: number('reserved_connections'),
    longestQuerySeconds: number('longest_query_seconds'),
    longestIdleInTransactionSeconds: number('longest_idle_in_transaction_seconds'),
    waitingForLocks: number('waiting_for_locks'),
    longestLockWaitSeconds: number('longest_lock_wait_seconds'),
    blocksHit: number('blocks_hit'),
    blocksRead: number('blocks_read'),
    statisticsAgeSeconds: number('statistics_age_seconds'),
    uptimeSeconds: number('uptime_seconds'),
  }
}

/** Said by a check of sessions where none are counted. */
export function unseenSessions({ seesAllSessions }: DatabaseNumbers): Finding {
  if (seesAllSessions) {
    return { status: 'skip', message: 'this database does not count its sessions, as PGlite, which has one' }
  }
  return {
    status: 'skip',
    message: 'the owner of public.cache_doctor_database() may not see the sessions of others',
    remediation: {
      text: 'Grant it to the role that applied the migration.',
      commands: [`psql "$DATABASE_URL" -c 'grant pg_read_all_stats to postgres'`],
    },
  }
}

/** What applications may take of the connections, and what is left of it; null when it cannot be told. */
export function roomOf(numbers: DatabaseNumbers): { most: number; free: number } | null {
  const { connections, maxConnections, reservedConnections } = numbers
  if (connections === null || maxConnections === null || reservedConnections === null) return null
  const most = maxConnections - reservedConnections
  return most > 0 ? { most, free: Math.max(0, most - connections) } : null
}

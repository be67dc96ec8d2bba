import type { WorldCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { DATABASE_DEADLINE_MS, judgeDatabase } from '../database.js'
import type { DatabaseNumbers } from '../database-numbers.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

export const databaseLocksCheck: WorldCheck = {
  on: 'world',
  id: 'DB-006',
  group: 'supabase',
  title: 'nobody waits for a lock',
  unit: 's',
  threshold: {
    warn: 10,
    fail: 120,
    source:
      'above 2 minutes: supabase inspect; 10 s is ours, longer than a statement over REST may take (8 s)',
  },
  deadlineMs: DATABASE_DEADLINE_MS + 500,
  run: (world, threshold) => judgeDatabase(world, (numbers) => judge(numbers, threshold)),
}

function judge(numbers: DatabaseNumbers, threshold: Parameters<typeof statusOf>[1]): Finding {
  const { waitingForLocks: waiting, longestLockWaitSeconds: value } = numbers
  if (waiting === null || value === null) {
    return { status: 'skip', message: 'this database does not tell who waits for a lock' }
  }
  if (waiting === 0) return { status: 'ok', message: 'nobody', value: 0 }
  const message = `${waiting} ${waiting === 1 ? 'waits' : 'wait'}, for ${inWords.time(value * 1000)} at most`
  const status = statusOf(value, threshold)
  if (status === 'ok') return { status, message, value }
  return {
    status,
    message: `${message}: what they hold themselves is closed to others, too`,
    value,
    remediation: {
      text: 'Find who holds it, and end that: pg_cancel_backend(pid), or pg_terminate_backend(pid) where a transaction idles.',
      commands: [
        `psql "$DATABASE_URL" -c "select pid, pg_blocking_pids(pid) as waits_for, left(query, 80) from pg_stat_activity where cardinality(pg_blocking_pids(pid)) > 0"`,
      ],
    },
  }
}

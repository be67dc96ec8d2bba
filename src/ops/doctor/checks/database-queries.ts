import type { WorldCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { DATABASE_DEADLINE_MS, judgeDatabase } from '../database.js'
import { unseenSessions, type DatabaseNumbers } from '../database-numbers.js'
import { inWords } from '../in-words.js'
import { statusOf } from '../status-of.js'

export const databaseQueriesCheck: WorldCheck = {
  on: 'world',
  id: 'DB-003',
  group: 'supabase',
  title: 'no query takes minutes',
  unit: 's',
  threshold: { warn: 300, fail: null, source: 'supabase inspect: 5 minutes' },
  deadlineMs: DATABASE_DEADLINE_MS + 500,
  run: (world, threshold) => judgeDatabase(world, (numbers) => judge(numbers, threshold)),
}

function judge(numbers: DatabaseNumbers, threshold: Parameters<typeof statusOf>[1]): Finding {
  const { longestQuerySeconds: query, longestIdleInTransactionSeconds: idle } = numbers
  if (query === null || idle === null) return unseenSessions(numbers)
  const value = Math.max(query, idle)
  const longest = [
    `the longest query runs for ${inWords.time(query * 1000)}`,
    ...(idle > 0 ? [`a transaction has been left open and idle for ${inWords.time(idle * 1000)}`] : []),
  ]
  const message = value === 0 ? 'none runs, and no transaction is left open' : longest.join('; ')
  const status = statusOf(value, threshold)
  if (status === 'ok') return { status, message, value }
  return {
    status,
    message,
    value,
    remediation: {
      text: 'See what it is and whether anybody waits for it; pg_cancel_backend(pid) ends a query, pg_terminate_backend(pid) a session.',
      commands: [
        `psql "$DATABASE_URL" -c "select pid, usename, state, now() - xact_start as age, left(query, 80) from pg_stat_activity where state <> 'idle' order by age desc nulls last"`,
      ],
    },
  }
}

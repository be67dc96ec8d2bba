import type { WorldCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { DATABASE_DEADLINE_MS } from '../database.js'
import { roomOf, unseenSessions, type DatabaseNumbers } from '../database-numbers.js'
import { inWords } from '../in-words.js'

export const databaseConnectionsCheck: WorldCheck = {
  on: 'world',
  id: 'DB-001',
  group: 'supabase',
  title: 'the database has connections left',
  unit: '% of what applications may take',
  threshold: {
    warn: 80,
    fail: 100,
    source:
      'above 80 %: awesome-prometheus-alerts; at 100 % of max_connections without the reserved ones, the next is refused',
  },
  deadlineMs: DATABASE_DEADLINE_MS + 500,
  async run(world, threshold) {
    const answer = await world.database()
    if (answer.numbers !== null) return judge(answer.numbers, threshold)
    if (answer.full === null) return answer.instead
    return { status: 'FAIL', message: answer.full, value: 100, remediation: SHORT }
  },
}

function judge(
  numbers: DatabaseNumbers,
  { warn, fail }: { warn: number | null; fail: number | null },
): Finding {
  const { connections, activeConnections, reservedConnections: reserved } = numbers
  const room = roomOf(numbers)
  if (connections === null || room === null) return unseenSessions(numbers)
  const value = (connections / room.most) * 100
  const kept = reserved ? ` (${reserved} more are reserved)` : ''
  const busy =
    activeConnections === null
      ? ''
      : `, ${activeConnections === 0 ? 'none' : activeConnections} of them at work`
  const message = `${connections} of ${room.most}${kept}: ${inWords.percent(value / 100)}${busy}`
  if (fail !== null && value >= fail) return { status: 'FAIL', message, value, remediation: SHORT }
  if (warn === null || value <= warn) return { status: 'ok', message, value }
  return { status: 'warn', message, value, remediation: SHORT }
}

const SHORT = {
  text: 'Put the pooler in front (transaction mode), make the pools of the instances smaller, end what idles.',
  commands: [
    `psql "$DATABASE_URL" -c 'select usename, state, count(*) from pg_stat_activity group by 1, 2 order by 3 desc'`,
  ],
}

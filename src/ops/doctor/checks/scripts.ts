import { OperatorError } from '../../../library/backends/operator-error.js'
import type { ServerCheck } from '../check.js'
import { refusedWrite } from '../refused-write.js'

const SCRATCH_TTL_MS = 30_000
/** What a limiter does: reads the clock, writes, sets a TTL. */
const SCRIPT = `
redis.call('TIME')
redis.call('ZADD', KEYS[1], 1, 'probe')
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return redis.call('DEL', KEYS[1])
`

export const scriptsCheck: ServerCheck = {
  on: 'server',
  id: 'WRI-002',
  group: 'connectivity',
  title: 'scripts may write',
  threshold: {
    warn: null,
    fail: null,
    source:
      'a full or read-only server refuses EVAL while GET works, which switches limiters off (measured on Redis 7.0.15)',
  },
  deadlineMs: 5000,
  privileges: '+eval +time +zadd +pexpire +del ~cache:doctor:*',
  writes: true,
  async run(client, { scratchPrefix }) {
    try {
      await client.send('EVAL', SCRIPT, 1, `${scratchPrefix}script`, SCRATCH_TTL_MS)
      return { status: 'ok', message: 'EVAL of a script that writes a scratch key' }
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error
      const refusal = refusedWrite(error, 'EVAL')
      if (!refusal) throw error
      return refusal
    }
  },
}

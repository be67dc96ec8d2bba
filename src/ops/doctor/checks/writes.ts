import { OperatorError } from '../../../library/backends/operator-error.js'
import type { ServerCheck } from '../check.js'
import { refusedWrite } from '../refused-write.js'

const SCRATCH_TTL_MS = 30_000

export const writesCheck: ServerCheck = {
  on: 'server',
  id: 'WRI-001',
  group: 'connectivity',
  title: 'writes are accepted',
  threshold: {
    warn: null,
    fail: null,
    source: 'OOM, READONLY, NOPERM and MISCONF refuse SET while PING says PONG (measured on Redis 7.0.15)',
  },
  deadlineMs: 5000,
  privileges: '+set +get +del ~cache:doctor:*',
  writes: true,
  async run(client, { scratchPrefix }) {
    const key = `${scratchPrefix}write`
    try {
      await client.send('SET', key, scratchPrefix, 'PX', SCRATCH_TTL_MS)
      const back = await client.send('GET', key)
      if (back !== scratchPrefix)
        return {
          status: 'FAIL',
          message: 'what was just written could not be read back',
          remediation: { text: 'Ask again; if it stays so, reads and writes go to different servers.' },
        }
      await client.send('DEL', key)
      return { status: 'ok', message: 'SET, GET and DEL of a scratch key' }
    } catch (error) {
      if (!(error instanceof OperatorError)) throw error
      const refusal = refusedWrite(error, 'SET')
      if (!refusal) throw error
      return refusal
    }
  },
}

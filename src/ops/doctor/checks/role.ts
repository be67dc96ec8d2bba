import type { ServerCheck } from '../check.js'

export const roleCheck: ServerCheck = {
  on: 'server',
  id: 'REP-001',
  group: 'connectivity',
  title: 'the server takes writes',
  threshold: {
    warn: null,
    fail: null,
    source: 'a replica refuses writes and scripts with READONLY while reads work (measured on Redis 7.0.15)',
  },
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world) {
    const info = await world.info()
    const role = info.text('role')
    if (role === null) return { status: 'skip', message: 'INFO of this service does not tell the role' }
    if (role === 'master') return { status: 'ok', message: 'it is a primary' }
    if (info.text('slave_read_only') === '0') {
      const message = 'it is a replica that takes writes, which its primary never sees'
      return { status: 'warn', message, remediation: PRIMARY }
    }
    return {
      status: 'FAIL',
      message: 'it is a replica: reads hit, every write and every limiter script is refused (READONLY)',
      remediation: PRIMARY,
    }
  },
}

const PRIMARY = { text: 'Point REDIS_URL at the primary.', commands: ['redis-cli ROLE'] }

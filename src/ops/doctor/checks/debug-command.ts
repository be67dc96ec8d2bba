import type { ServerCheck } from '../check.js'
import { settingOf } from '../setting.js'

export const debugCommandCheck: ServerCheck = {
  on: 'server',
  id: 'SEC-005',
  group: 'security',
  title: 'DEBUG is off',
  threshold: {
    warn: null,
    fail: null,
    source: 'redis.conf: enable-debug-command no is the default; local warns, yes fails',
  },
  deadlineMs: 5000,
  privileges: '+config|get',
  async run(client) {
    const setting = await settingOf(client, 'enable-debug-command')
    if (setting === null)
      return { status: 'skip', message: 'this server has no such setting (before 7.0, or managed)' }
    if (setting === 'no') return { status: 'ok', message: 'enable-debug-command no' }
    const who = setting === 'local' ? 'whoever is on its machine' : 'every client'
    return {
      status: setting === 'local' ? 'warn' : 'FAIL',
      message: `enable-debug-command ${setting}: ${who} can stop or crash it (DEBUG SLEEP, DEBUG SEGFAULT)`,
      remediation: {
        text: 'Take enable-debug-command out of redis.conf, and restart: it cannot be changed while it runs.',
      },
    }
  },
}

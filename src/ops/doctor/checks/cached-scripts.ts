import type { ServerCheck } from '../check.js'
import { statusOf } from '../status-of.js'

export const cachedScriptsCheck: ServerCheck = {
  on: 'server',
  id: 'MEM-009',
  group: 'memory',
  title: 'cached scripts',
  unit: 'scripts',
  threshold: { warn: 10, fail: 1000, source: '10: Redis Insight; 1000: MEMORY DOCTOR' },
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const value = (await world.info()).number('number_of_cached_scripts')
    if (value === null) return { status: 'skip', message: 'INFO of this service does not tell its scripts' }
    const status = statusOf(value, threshold)
    if (status === 'ok') return { status, message: `${value}`, value }
    return {
      status,
      message: `${value}: somebody writes values into scripts, and each one is kept`,
      value,
      remediation: {
        text: 'Pass values as KEYS and ARGV, so that the script stays the same; then forget the old ones.',
        commands: ['redis-cli SCRIPT FLUSH ASYNC'],
      },
    }
  },
}

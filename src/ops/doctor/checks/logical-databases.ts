import { databaseOf } from '../../../library/backends/redis-url.js'
import type { ServerCheck } from '../check.js'
import { statusOf } from '../status-of.js'

export const logicalDatabasesCheck: ServerCheck = {
  on: 'server',
  id: 'KEY-005',
  group: 'keys',
  title: 'one logical database',
  unit: 'databases',
  threshold: {
    warn: null,
    fail: null,
    source: 'RedisInsight advises against several; told only, unless the project says how many it has',
  },
  deadlineMs: 5000,
  privileges: '+info',
  async run(_client, world, threshold) {
    const { databases } = await world.info()
    if (databases === null)
      return { status: 'skip', message: 'INFO of this service does not tell its databases' }
    const value = databases.size
    if (value === 0) return { status: 'skip', message: 'no key in any database' }
    const counts = [...databases].map(([database, keys]) => `db${database} ${keys}`)
    if (value === 1)
      return { status: statusOf(value, threshold), message: `keys in ${counts[0]} only`, value }
    const { backend } = world.cache
    const own = backend?.backend === 'redis' ? (databaseOf(backend.url) ?? 0) : 0
    return {
      status: statusOf(value, threshold),
      message:
        `keys in ${value} (${counts.join(', ')}), and this application uses db${own}: memory, eviction and ` +
        'every slow command are shared all the same, and a cluster and Upstash have db0 only',
      value,
      remediation: {
        text: 'Tell them apart by the first words of their keys, or give each a server of its own.',
      },
    }
  },
}

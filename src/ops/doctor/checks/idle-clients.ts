import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { settingIfTold } from '../setting.js'
import { statusOf } from '../status-of.js'

const IDLE_S = 3600
/** The server does nothing else while it lists them: 10 000 took it 12 and 40 ms (Redis 7.0.15). */
const MOST_LISTED = 10_000

export const idleClientsCheck: ServerCheck = {
  on: 'server',
  id: 'CLI-004',
  group: 'server',
  title: 'idle clients',
  unit: 'clients',
  threshold: {
    warn: null,
    fail: null,
    source: 'redis.conf: timeout 0, which closes nobody, is the default; an hour is ours',
  },
  deadlineMs: 5000,
  privileges: '+info +client|list +config|get',
  async run(client, world, threshold) {
    const timeout = await settingIfTold(client, 'timeout')
    if (Number(timeout) > 0) {
      const closed = inWords.time(Number(timeout) * 1000)
      return { status: 'ok', message: `the server closes who is idle for ${closed}` }
    }
    const connected = (await world.info()).number('connected_clients')
    if (connected !== null && connected > MOST_LISTED) {
      return { status: 'skip', message: `${connected} are too many to list: it would hold up the server` }
    }
    const clients = idleTimes(String(await client.send('CLIENT', 'LIST', 'TYPE', 'normal')))
    const idle = clients.filter((seconds) => seconds > IDLE_S)
    const value = idle.length
    if (value === 0) return { status: 'ok', message: 'none for more than an hour', value }
    const longest = inWords.time(Math.max(...idle) * 1000)
    const forEver = timeout === null ? '' : '; nothing closes them'
    const message = `${value} of ${clients.length} for more than an hour, the longest for ${longest}${forEver}`
    const status = statusOf(value, threshold)
    return { status, message, value, ...(status !== 'ok' && { remediation: FORGOTTEN }) }
  },
}

const FORGOTTEN = {
  text: 'Look for pools that are larger than they need to be, and for processes that nobody ended; or let the server close who is idle.',
  commands: ['redis-cli CLIENT LIST TYPE normal', 'redis-cli CONFIG SET timeout 3600'],
}

/** In seconds; without those that wait in a blocking command, whom `timeout` spares as well. */
function idleTimes(list: string): number[] {
  return list
    .split('\n')
    .filter((line) => line !== '' && !/\bflags=\w*b/.test(line))
    .map((line) => Number(/\bidle=(\d+)/.exec(line)?.[1] ?? 0))
}

import type { ServerCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { settingIfTold, settingOf } from '../setting.js'
import { statusOf } from '../status-of.js'

const PERIOD_S = 600
const ASKED = 128
/** What Redis calls slow by default; a log that begins below it holds what is not. */
const SLOW_US = 10_000
const TOO_SLOW_US = 100_000

export const slowLogCheck: ServerCheck = {
  on: 'server',
  id: 'SLO-001',
  group: 'server',
  title: 'slow commands',
  unit: 'per minute',
  threshold: {
    warn: 0,
    fail: 10,
    source: 'redis.conf: slow is 10 ms; 10 a minute, or one of more than 100 ms, is ours',
  },
  deadlineMs: 5000,
  privileges: '+slowlog|get +time +config|get',
  async run(client, _world, threshold) {
    const setting = await settingIfTold(client, 'slowlog-log-slower-than')
    const from = setting === null ? null : Number(setting)
    if (from !== null && (from < 0 || from > TOO_SLOW_US)) {
      const message = from < 0 ? 'the slow log is off' : `it only logs from ${inWords.time(from / 1000)} on`
      return { status: 'skip', message, remediation: ON }
    }
    const logged = ((await client.send('SLOWLOG', 'GET', ASKED)) as LogEntry[]).map(readEntry)
    const [now] = (await client.send('TIME')) as [string, string]
    const recent = logged.filter(({ at }) => at > Number(now) - PERIOD_S)
    // A full log may have lost what came before its oldest entry.
    const full = recent.length === logged.length && logged.length >= ASKED
    const seconds = full ? Math.max(1, Number(now) - Math.min(...recent.map(({ at }) => at))) : PERIOD_S
    const slow = recent.filter(({ usec }) => usec >= SLOW_US)
    const [slowest] = slow.sort((a, b) => b.usec - a.usec)
    const period = `within ${inWords.time(seconds * 1000)}`
    if (!slowest) {
      // Where the user may not ask, it is a right that is missing, which is thrown here.
      if (from === null) await settingOf(client, 'slowlog-log-slower-than')
      return from === null
        ? { status: 'skip', message: 'none, and this service does not tell what it logs' }
        : {
            status: 'ok',
            message: `none of ${inWords.time(Math.max(from, SLOW_US) / 1000)} ${period}`,
            value: 0,
          }
    }
    const value = slow.length / (seconds / 60)
    const message = `${slow.length} ${period}, the slowest ${inWords.time(slowest.usec / 1000)} (${slowest.command})`
    const status = slowest.usec > TOO_SLOW_US ? 'FAIL' : statusOf(value, threshold)
    return { status, message, value, ...(status !== 'ok' && { remediation: SLOW }) }
  },
}

type LogEntry = [id: number, at: number, usec: number, words: string[]]

/** Without the arguments, which are keys and values. */
function readEntry([, at, usec, [command = '']]: LogEntry): { at: number; usec: number; command: string } {
  return { at, usec, command: /^[a-z.]{1,40}$/i.test(command) ? command.toUpperCase() : 'a command' }
}

const ON = {
  text: 'Let it log what takes 10 ms.',
  commands: [`redis-cli CONFIG SET slowlog-log-slower-than ${SLOW_US}`],
}

const SLOW = {
  text: 'While one runs everybody waits. Look at what they are, and replace what walks a whole key or the keyspace.',
  commands: ['redis-cli SLOWLOG GET 10'],
}

import type { ServerCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { END_OF_COUNTER, readLfuScale } from '../lfu.js'
import { operationsPerSecond } from '../operations.js'
import { keysTold, ofFamilies } from '../sampled.js'
import { statusOf } from '../status-of.js'

export const hotKeyCheck: ServerCheck = {
  on: 'server',
  id: 'KEY-007',
  group: 'keys',
  title: 'no key is hot',
  unit: 'operations per second',
  threshold: {
    warn: 1000,
    fail: null,
    source: 'Redis observability guide: a hot key, for example, has more than 1000 operations per second',
  },
  deadlineMs: 6000,
  privileges: '+config|get +info +scan (%R~* +object|freq)',
  async run(client, world, threshold) {
    const interval = await world.interval()
    const all = operationsPerSecond(interval)
    if (all === null) return { status: 'skip', message: 'INFO of this service does not count its commands' }
    const together = `${Math.round(all)} operations per second on all keys together`
    // No single key has more than that.
    if (statusOf(all, threshold) === 'ok') return { status: 'ok', message: together, value: all }
    const untold = (status: 'skip' | 'unknown', why: string): Finding => ({
      status,
      message: `${together}; ${why}`,
      remediation: MADE_VISIBLE,
    })
    if (interval.after.text('maxmemory_policy')?.endsWith('-lfu') !== true) {
      return untold('skip', 'how many on each is only counted under an LFU policy')
    }
    const sample = await world.keySample()
    const { keys, from } = keysTold(sample, 'counter')
    const rate = await readLfuScale(client)
    if (rate === null) return untold('unknown', 'the LFU counters do not fall here, and tell of the past')
    const hot = keys.filter(({ counter }) => counter === END_OF_COUNTER)
    if (hot.length === 0) return untold('unknown', `no LFU counter is at its end; ${from}`)
    const ofHot = `${hot.length === 1 ? 'one key' : `each of ${hot.length} keys`} (${ofFamilies(hot)})`
    const unseen = (why: string) => untold('unknown', `the LFU counter of ${ofHot} is at its end; ${why}`)
    if (!sample.complete || keys.length < sample.keys.length) return unseen(from)
    if (interval.after.databases?.size !== 1)
      return unseen('there are other databases, whose keys were not looked at')
    const misses = interval.grew('keyspace_misses')
    if (misses === null) return unseen('INFO of this service does not tell the misses')
    const others = keys.filter(({ counter }) => counter < END_OF_COUNTER)
    // What the others leave, and who asks for keys that are not there; the end of a counter is no measure by itself.
    const left = others.reduce((rest, { counter }) => rest - rate(counter), all - misses / interval.seconds)
    const value = Math.max(0, left) / hot.length
    const status = statusOf(value, threshold)
    const share = `about ${Math.round(value)} on ${ofHot}, whose LFU counter is at its end`
    if (status === 'ok') return untold('unknown', `${share}, if they are alike`)
    return { status, message: `${together}; ${share}`, value, remediation: HOT }
  },
}

const MADE_VISIBLE = {
  text: 'Redis 8.6 and newer measure it: HOTKEYS START METRICS 1 CPU DURATION 10, then HOTKEYS GET. Elsewhere a policy such as allkeys-lfu counts from then on; it evicts what is used least.',
}

const HOT = {
  text: 'Keep its answer in the process for a second, or spread it over several keys: one key is one core, also in a cluster.',
  commands: ['redis-cli --hotkeys'],
}

import type { UpstashCheck } from '../check.js'
import { inWords } from '../in-words.js'
import { quantile } from '../quantile.js'
import { statusOf } from '../status-of.js'

const PINGS = 20

export const upstashRoundTripCheck: UpstashCheck = {
  on: 'upstash',
  id: 'UPS-002',
  group: 'connectivity',
  title: 'Upstash is near',
  unit: 'ms',
  threshold: {
    warn: 20,
    fail: 100,
    source: 'ours: within one region REST takes a few ms; from 100 ms on a hit costs more than most queries',
  },
  deadlineMs: 8000,
  times: true,
  async run(upstash, { signal }, threshold) {
    // The first pays for the connection.
    await upstash.send('PING')
    const times: number[] = []
    const end = performance.now() + 2000
    while (times.length < PINGS && performance.now() < end && !signal.aborted) {
      const { ms, refusal } = await upstash.send('PING')
      if (refusal !== null) return { status: 'skip', message: `PING was refused: ${refusal}` }
      times.push(ms)
    }
    times.sort((a, b) => a - b)
    const value = quantile(times, 0.5)
    const message = `${inWords.time(value)} (p50; max ${inWords.time(times.at(-1)!)}, ${times.length} PINGs over REST)`
    const status = statusOf(value, threshold)
    if (status === 'ok') return { status, message, value }
    return {
      status,
      message,
      value,
      remediation: {
        text: 'Put the database into the region of the application, or add a read region there.',
      },
    }
  },
}

import type { UpstashCheck } from '../check.js'
import { isOverQuota } from '../upstash-refusal.js'

const SCRATCH_TTL_MS = 30_000

export const upstashWritesCheck: UpstashCheck = {
  on: 'upstash',
  id: 'UPS-003',
  group: 'connectivity',
  title: 'the token may write',
  threshold: {
    warn: null,
    fail: null,
    source:
      'Upstash documentation: a read-only token refuses writes, and a full database without eviction, and one whose requests are used up',
  },
  deadlineMs: 7000,
  writes: true,
  async run(upstash, { scratchPrefix }) {
    const key = `${scratchPrefix}upstash`
    const { refusal, result } = await upstash.send('SET', key, '1', 'PX', SCRATCH_TTL_MS)
    if (refusal === null && result !== 'OK') {
      return {
        status: 'FAIL',
        message: 'SET was not answered with OK: what answers there does not store',
        remediation: { text: 'See that UPSTASH_REDIS_REST_URL is the address of the database itself.' },
      }
    }
    if (refusal === null) {
      await upstash.send('DEL', key)
      return { status: 'ok', message: 'SET and DEL of a scratch key' }
    }
    const [why, text] = reasonOf(refusal)
    const reads = (await upstash.send('GET', key)).refusal === null
    const effect = reads
      ? 'reads still hit, nothing new is stored, and limiters fail'
      : 'so is GET, and every cache and limiter goes without'
    return {
      status: 'FAIL',
      message: `${reads ? 'PONG, but ' : ''}SET is refused: ${why}; ${effect}`,
      remediation: { text },
    }
  },
}

function reasonOf(refusal: string): [why: string, text: string] {
  if (/NOPERM|no permissions/i.test(refusal)) {
    return ['this token is read-only', 'Use the token of the database itself in UPSTASH_REDIS_REST_TOKEN.']
  }
  if (isOverQuota(refusal)) return ['the requests of the plan are used up', 'Wait, or change the plan.']
  if (/OOM|max (?:database|db|data) size/i.test(refusal)) {
    return ['the database is full', 'Switch eviction on in the console: it is off by default.']
  }
  return [refusal, 'See what the console of Upstash says of this database.']
}

import type { WorldCheck } from '../check.js'

export const contradictionsCheck: WorldCheck = {
  on: 'world',
  id: 'ENV-003',
  group: 'environment',
  title: 'settings agree',
  unit: 'contradictions',
  threshold: {
    warn: 1,
    fail: null,
    source: 'ours; it fails when a provider or a URL is given that cannot be used',
  },
  deadlineMs: 1000,
  run({ cache, rateLimit, environment }) {
    // Where limiters follow the same settings, it is said once.
    const ofLimiters = rateLimit.problems.filter((problem) => !cache.problems.includes(problem))
    const problems = [...cache.problems, ...ofLimiters.map((problem) => `limiters: ${problem}`)]
    if (cache.backend !== null && rateLimit.backend === null && !DELIBERATE.has(rateLimit.decidedBy)) {
      problems.push('the cache has a Redis and the limiter has none')
    }
    if (
      cache.backend?.backend === 'redis' &&
      environment['REDIS_PASSWORD'] &&
      hasOtherPassword(cache.backend)
    ) {
      problems.push('REDIS_PASSWORD is set, and REDIS_URL carries a password of its own, which is used')
    }
    if (problems.length === 0) return { status: 'ok', message: 'provider, URL and credentials', value: 0 }
    const isHalf = cache.backend === null && cache.problems.some((problem) => HALF.test(problem))
    const unmet = isHalf || problems.some((problem) => UNMET.test(problem))
    return {
      status: unmet ? 'FAIL' : 'warn',
      message: problems.join('; '),
      value: problems.length,
      remediation: { text: unmet ? CORRECT : LEAVE_ONE },
    }
  },
}

/** Who switches limiters off by one of these means it; ENV-004 tells it. */
const DELIBERATE = new Set(['RATE_LIMIT_PROVIDER', 'ENABLE_RATE_LIMITER_REDIS'])

/** Somebody asked for it, and there is none: a provider by name, or a server by its URL. */
const UNMET = /cannot be used|^(?:limiters: )?(?:REDIS_URL (?:is not|names)|UPSTASH_REDIS_REST_URL is not)/
/** Of the two Upstash variables. It is left over where there is another Redis. */
const HALF = /^UPSTASH.* is missing$/

const CORRECT = 'Correct it (CON-001), or take it out: somebody believes in a Redis that is not used.'
const LEAVE_ONE = 'Leave only what is meant: REDIS_URL, or the two UPSTASH_REDIS_REST_ variables.'

function hasOtherPassword({ url, password }: { url: string; password?: string }): boolean {
  const inUrl = new URL(url).password
  return inUrl !== '' && inUrl !== password && decoded(inUrl) !== password
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

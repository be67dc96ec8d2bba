import type { Remediation } from '../report/doctor-report.js'
import type { World } from './world.js'

/** Why there is no Redis to look at, what follows from it, and the way out; null when there is one. */
export interface NoRedis {
  /** Begins in lower case. */
  why: string
  /** Whether limiters have none either: they are pointed at Redis by a variable of their own. */
  unlimited: boolean
  /** Somebody named one, and it cannot be used. */
  wanted: boolean
  remediation: Remediation
}

export function noRedis({ cache, rateLimit }: Pick<World, 'cache' | 'rateLimit'>): NoRedis | null {
  if (cache.backend !== null) return null
  const unlimited = rateLimit.backend === null
  // What is named besides does not matter then; a provider that cannot be had is a problem itself.
  const isOff =
    cache.decidedBy === 'CACHE_PROVIDER' && !cache.problems.some((each) => each.startsWith('CACHE_PROVIDER'))
  const [problem] = cache.problems
  if (problem !== undefined && !isOff) {
    return {
      why: `no Redis is used, because ${problem}`,
      unlimited,
      wanted: !problem.startsWith('REDIS_PASSWORD'),
      remediation: wayOutOf(problem),
    }
  }
  if (isOff) {
    return {
      why: 'Redis is switched off (CACHE_PROVIDER=none)',
      unlimited,
      wanted: false,
      remediation: { text: 'Intended? Else take CACHE_PROVIDER out of the environment.', commands: [] },
    }
  }
  return {
    why: 'no Redis is configured',
    unlimited,
    wanted: false,
    remediation: {
      text: 'Right for development. For production, name a server.',
      commands: ['export REDIS_URL=redis://host:6379'],
    },
  }
}

const NAME_ONE = ['export REDIS_URL=redis://host:6379']

/** By how the library words what it cannot use. */
const WAYS_OUT: readonly [problem: RegExp, remediation: Remediation][] = [
  [
    /^UPSTASH.* is missing$/,
    { text: 'Copy both, URL and token, from the console of Upstash.', commands: [] },
  ],
  [/^UPSTASH/, { text: 'Copy it from the console of Upstash.', commands: [] }],
  [/database/, { text: 'Correct what is behind the last slash, as in redis://host:6379/0.', commands: [] }],
  [/^REDIS_PASSWORD/, { text: 'Name the server that it is for.', commands: NAME_ONE }],
  [
    /^REDIS_URL/,
    {
      text: 'Correct it; in a password, every character that means something in a URL is percent-encoded (# is %23).',
      commands: NAME_ONE,
    },
  ],
]

function wayOutOf(problem: string): Remediation {
  const found = WAYS_OUT.find(([words]) => words.test(problem))
  return found?.[1] ?? { text: 'Set what it asks for, or take it out of the environment.', commands: [] }
}

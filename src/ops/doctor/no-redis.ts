import type { Remediation } from '../report/doctor-report.js'
import type { World } from './world.js'

/** Why there is no Redis to look at, what follows from it, and the way out; null when there is one. */
export interface NoRedis {
  /** Begins in lower case. */
  why: string
  /** Whether limiters have none either: they are pointed at Redis by a variable of their own. */
  unlimited: boolean
  remediation: Remediation
}

export function noRedis({ cache, rateLimit }: Pick<World, 'cache' | 'rateLimit'>): NoRedis | null {
  if (cache.backend !== null) return null
  const unlimited = rateLimit.backend === null
  const [problem] = cache.problems
  if (problem !== undefined) {
    return {
      why: `no Redis is used, because ${problem}`,
      unlimited,
      remediation: {
        text: 'Correct it; in a password, every character that means something in a URL is percent-encoded (# is %23).',
        commands: ['export REDIS_URL=redis://host:6379'],
      },
    }
  }
  if (cache.decidedBy === 'CACHE_PROVIDER') {
    return {
      why: 'Redis is switched off (CACHE_PROVIDER=none)',
      unlimited,
      remediation: { text: 'Intended? Else take CACHE_PROVIDER out of the environment.', commands: [] },
    }
  }
  return {
    why: 'no Redis is configured',
    unlimited,
    remediation: {
      text: 'Right for development. For production, name a server.',
      commands: ['export REDIS_URL=redis://host:6379'],
    },
  }
}

import type { RedisBackend } from '../../../library/backends/resolve.js'
import type { WorldCheck } from '../check.js'
import type { Finding } from '../finding.js'
import { inWords } from '../in-words.js'
import { TRIES } from '../reach.js'
import { pingUpstash } from '../reach-upstash.js'
import { noRedis, type NoRedis } from '../no-redis.js'
import { wayBack, wayBackOverRest } from '../ways-back.js'
import type { World } from '../world.js'

/** TCP, TLS, login and PING, three times side by side. */
export const reachRedisCheck: WorldCheck = {
  on: 'world',
  id: 'CON-001',
  group: 'connectivity',
  title: 'Redis answers',
  unit: 'tries lost',
  threshold: {
    warn: 1,
    fail: TRIES,
    source: 'redis_up == 0 in awesome-prometheus-alerts and the redis_exporter mixin; three tries are ours',
  },
  deadlineMs: 5000,
  async run(world, { warn, fail }) {
    const none = noRedis(world)
    if (none) return passingThrough(none)
    const backend = world.cache.backend!
    const { lost, words, remediation } = await (backend.backend === 'redis'
      ? tryRedis(world)
      : tryUpstash(backend, world))
    if (lost === 0 && remediation) return { status: 'warn', message: words, value: 0, remediation }
    if (lost >= (fail ?? TRIES)) return { status: 'FAIL', message: words, value: lost, remediation }
    if (lost > 0 && lost >= (warn ?? 1)) {
      return {
        status: 'warn',
        message: `${lost} of ${TRIES} tries failed. ${words}`,
        value: lost,
        remediation,
      }
    }
    return { status: 'ok', message: words, value: lost }
  },
}

interface Outcome {
  lost: number
  words: string
  /** Also without a loss, when there is something to mend. */
  remediation?: Finding['remediation']
}

function passingThrough({ why, unlimited, wanted, remediation }: NoRedis): Finding {
  return {
    status: wanted ? 'FAIL' : 'warn',
    message:
      `${why}: caches pass everything through, Supabase answers every read, ` +
      `${unlimited ? 'limiters allow everybody, ' : ''}and a revoked login is noticed at once`,
    remediation,
  }
}

async function tryRedis(world: World): Promise<Outcome> {
  const tries = await (await world.reach()).tries
  const aways = tries.flatMap(({ away }) => (away ? [away] : []))
  const best = Math.min(...tries.filter(({ away }) => !away).map(({ ms }) => ms))
  if (aways.length === 0) {
    return { lost: 0, words: `PONG ${TRIES} of ${TRIES} times, first in ${inWords.time(best)}` }
  }
  const [away] = aways as [(typeof aways)[0]]
  const lost = aways.filter(({ kind }) => kind !== 'no ping').length
  return { lost, words: `${away.kind}: ${away.evidence}`, remediation: wayBack(away) }
}

async function tryUpstash(backend: RedisBackend & { backend: 'upstash' }, world: World): Promise<Outcome> {
  const tries = await Promise.all(Array.from({ length: TRIES }, () => pingUpstash(backend, world.signal)))
  const aways = tries.filter((away) => away !== null)
  const [away] = aways
  if (!away) return { lost: 0, words: `PONG ${TRIES} of ${TRIES} times over REST` }
  return {
    lost: aways.length,
    words: `${away.kind}: ${away.evidence}`,
    remediation: wayBackOverRest(away),
  }
}

import type { CheckReport, Impact } from '../report/doctor-report.js'
import { SKIPPED_WHILE_AWAY, type AwayKind } from './away.js'
import { callers, ifLost, limiters, source, sourceInTheEnd } from './felt.js'
import { halfDead, refusesWrites, type HalfDead } from './half-dead.js'
import { noRedis } from './no-redis.js'
import type { World } from './world.js'

/**
 * What losing Redis does right now, out of what the checks have found; asks nobody again.
 *
 * @param onServer ids of those that ask the server, which tell whether it is there when CON-001 was left out
 */
export async function impactOf(
  world: World,
  checks: readonly CheckReport[],
  onServer: ReadonlySet<string>,
): Promise<Impact> {
  const looked = (id: string) => checks.find((check) => check.id === id)
  const none = noRedis(world)
  if (none) {
    const { why, unlimited } = none
    return {
      redis: 'not configured',
      kind: null,
      headline: `${why.charAt(0).toUpperCase()}${why.slice(1)}: every read goes to Supabase${unlimited ? ', and nobody is limited' : ''}.`,
      effects: [],
    }
  }
  const reachable = looked('CON-001')
  const backend = world.cache.backend!
  const served = checks.filter(({ id }) => onServer.has(id))
  const skipped = served.some(({ message }) => message === SKIPPED_WHILE_AWAY)
  if (reachable?.status === 'FAIL' || (reachable === undefined && skipped)) {
    const kind =
      backend.backend === 'redis' ? await kindOfAway(world) : kindOfMessage(reachable?.message ?? '')
    if (kind === 'no database') {
      return {
        redis: 'away',
        kind,
        headline: 'Redis answers, but not in the database that REDIS_URL names.',
        effects: [
          'Users: no errors. ioredis stays in database 0 without a word, beside whatever else is there.',
        ],
      }
    }
    const half = halfDead(kind)
    if (half) return impactOfHalf(half, world, checks)
    return {
      redis: 'away',
      kind,
      headline: `Redis is away (${kind}).`,
      effects: [callers(world, kind), limiters(world), source(world, checks, kind)],
    }
  }
  const half = halfDead(refusesWrites(checks) ?? '')
  if (half) return impactOfHalf(half, world, checks)
  if (![reachable, ...served].some((check) => check && JUDGED.has(check.status))) {
    return {
      redis: 'not looked at',
      kind: null,
      headline: 'Whether Redis answers was not looked at.',
      effects: [],
    }
  }
  return { redis: 'up', kind: null, headline: 'Redis answers.', effects: ifLost(world, checks) }
}

const JUDGED = new Set(['ok', 'warn', 'FAIL'])

function impactOfHalf(half: HalfDead, world: World, checks: readonly CheckReport[]): Impact {
  const { kind, headline, calls, users } = half
  // What the library is refused its callers do not see.
  const isOurs = calls === 'refused' && world.client?.library === 'transparent-cache'
  const who = isOurs ? callers(world, 'other') : (users ?? callers(world, 'loading'))
  const load = {
    'served in part': () => [],
    'dries up': () => [sourceInTheEnd(world, checks)],
    refused: () => [source(world, checks, 'other')],
    waits: () => [source(world, checks, 'loading')],
  }[calls]()
  // Who is connected is limited as ever; the sentence goes on about those who are not.
  const limits = limiters(world, calls === 'served in part' ? 'Its limits' : 'Limits')
  return { redis: 'half', kind, headline, effects: [who, limits, ...load] }
}

async function kindOfAway(world: World): Promise<AwayKind> {
  const { tries } = await world.reach()
  const aways = (await tries).flatMap(({ away }) => (away ? [away.kind] : []))
  return aways[0] ?? 'other'
}

/** Over REST there are no tries to ask; CON-001 begins with the kind. */
function kindOfMessage(message: string): AwayKind {
  return OVER_REST.find((kind) => message.startsWith(`${kind}:`)) ?? 'other'
}

const OVER_REST = [
  'auth',
  'quota',
  'stalled',
  'refused',
  'dns',
  'tls',
  'unreachable',
  'cut',
  'no redis',
] as const

import { worstOf, type TimeToFallback, type Wait } from '../client-options/time-to-fallback.js'
import type { CheckReport, Impact } from '../report/doctor-report.js'
import { SKIPPED_WHILE_AWAY, type AwayKind } from './away.js'
import { inWords } from './in-words.js'
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
    return {
      redis: 'away',
      kind,
      headline: `Redis is away (${kind}).`,
      effects: [callers(world, kind), limiters(), source(looked('SUP-001'))],
    }
  }
  const refusing = checks.filter(({ status }) => status === 'FAIL').filter(refusesWrites)
  if (refusing.length > 0) {
    return {
      redis: 'half',
      kind: 'writes refused',
      headline: 'Redis is half dead: it answers, and refuses what the application needs.',
      effects: [
        'Users: reads still hit until the TTLs end; nothing new is stored, and the load moves to Supabase.',
        limiters(),
      ],
    }
  }
  if (![reachable, ...served].some((check) => check && JUDGED.has(check.status))) {
    return {
      redis: 'not looked at',
      kind: null,
      headline: 'Whether Redis answers was not looked at.',
      effects: [],
    }
  }
  return { redis: 'up', kind: null, headline: 'Redis answers.', effects: ifLost(world) }
}

const JUDGED = new Set(['ok', 'warn', 'FAIL'])
const HALF_DEAD = new Set(['WRI-001', 'WRI-002', 'REP-001'])

/** A server that may not evict and is over its limit refuses, which can be told without a write. */
function refusesWrites({ id, value }: CheckReport): boolean {
  return HALF_DEAD.has(id) || (id === 'MEM-001' && value !== null && value >= 100)
}

async function kindOfAway(world: World): Promise<AwayKind> {
  const { tries } = await world.reach()
  const aways = (await tries).flatMap(({ away }) => (away ? [away.kind] : []))
  return aways[0] ?? 'other'
}

/** Over REST there are no tries to ask; CON-001 begins with the kind. */
function kindOfMessage(message: string): AwayKind {
  return (['auth', 'stalled', 'refused'] as const).find((kind) => message.startsWith(kind)) ?? 'other'
}

function callers(world: World, kind: AwayKind): string {
  const { client } = world
  if (!client) return 'Users: whether they wait is not known, because no client is declared.'
  const wait = waitFor(client.timeToFallback, kind)
  const who = client.assumed
    ? `if the client is ${inWords.library(client.library)} with its defaults`
    : inWords.library(client.library)
  if (client.library === 'transparent-cache') {
    return `Users: no errors; each cache call falls back within ${inWords.time(wait.worstMs)} (${who}).`
  }
  // Wrong credentials are answered, and ioredis rejects what waits at once (reference/ops.md §0.1).
  if (kind === 'auth') return `Users: each cache call fails at once (${who}).`
  const pays = client.timeToFallback.everyCallPays || kind !== 'stalled'
  const longest =
    wait.worstMs === null ? 'never returns' : `waits up to ${inWords.time(wait.worstMs)} and then fails`
  if (wait.worstMs !== null && wait.worstMs < 50) return `Users: each cache call fails at once (${who}).`
  return `Users: ${pays ? 'each cache call' : 'one cache call of each process'} ${longest} (${who}).`
}

function waitFor({ refused, stalled, unreachable }: TimeToFallback, kind: AwayKind): Wait {
  if (kind === 'stalled' || kind === 'loading') return stalled
  if (kind === 'unreachable') return unreachable
  return refused
}

function limiters(): string {
  return "Limits: each limiter follows its declared policy; with the default, onUnavailable 'allow', nobody is limited."
}

function source(supabase: CheckReport | undefined): string {
  if (supabase?.status === 'FAIL') return 'Supabase does not answer either: requests fail.'
  const state =
    supabase?.status === 'ok' || supabase?.status === 'warn'
      ? `it answers (${supabase.message})`
      : 'not looked at'
  return `Supabase gets every read that the cache would have answered; ${state}.`
}

function ifLost({ client }: World): string[] {
  if (!client) return []
  const worst = worstOf(client.timeToFallback)
  const who = client.assumed
    ? `${inWords.library(client.library)} with its defaults, assumed`
    : inWords.library(client.library)
  const longest = worst === null ? 'for ever' : `up to ${inWords.time(worst)}`
  return [`If it were lost now, one cache call would wait ${longest} (${who}).`]
}

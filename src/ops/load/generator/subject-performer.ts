import { endQuietly } from '../../experiment/host/instance.js'
import { makeSubject } from '../../experiment/host/make-subject.js'
import { warmUntilHit } from '../../experiment/host/warm-up.js'
import { paceOf } from '../../experiment/pace.js'
import { seededRandom } from '../../experiment/random.js'
import type { Subject } from '../../experiment/subjects/subject.js'
import { cacheTraffic, type CacheTraffic } from './cache-traffic.js'
import { limiterTraffic } from './limiter-traffic.js'
import type { Surface } from './messages.js'
import { OUTCOME, outcomeOf } from './outcome.js'
import type { Call, Performer } from './performer.js'
import { createSource } from './source.js'
import { drillKeys, familyKeys, type TrafficKeys } from './traffic-keys.js'
import type { Traffic, TrafficFamily } from './traffic.js'
import { weighted } from './zipf.js'

/** Far more than a subject that answers needs; each holds a promise and what the subject keeps for it. */
export const MOST_IN_FLIGHT = 20_000

/** Where nobody says how long a cache keeps what it is given. */
const UNTOLD_TTL_MS = 60_000

const ASKED = ['read', 'put', 'invalidate'] as const

interface Part {
  keys: TrafficKeys
  traffic: CacheTraffic
  draw: () => Call
}

/**
 * Makes the subject in this process and asks it what an application would.
 *
 * A subject with records of its own in Supabase is asked for those, and a limiter alone is asked instead of read, whatever the
 * families are; the first of them then says how often and how skewed.
 *
 * Rejects as `makeSubject` does.
 */
export async function createSubjectPerformer(
  { subject: reference, environment }: Extract<Surface, { type: 'subject' }>,
  traffic: Traffic,
): Promise<Performer> {
  const { subject, cache } = await makeSubject(reference, environment)
  const random = seededRandom(traffic.seed + 1)
  const source = createSource(traffic.source, traffic.seed + 2)
  const knowsItsKeys = subject.source !== undefined || cache.ask !== undefined
  const families = knowsItsKeys ? traffic.families.slice(0, 1) : traffic.families
  const { atOnce } = paceOf(subject)

  const parts = families.map((family, part): Part => {
    const keys = knowsItsKeys
      ? drillKeys(family, random)
      : familyKeys(family, { seed: traffic.seed + 3 + part, random, prefix: environment.keyPrefix })
    const given = cacheTraffic({
      cache,
      keys,
      source,
      part,
      ttlSeconds: family.ttlSeconds ?? undefined,
      ttlMs: ttlMsOf(subject, family),
    })
    const { read, put, invalidate } = family.mix
    const drawAsked = weighted([read, put, invalidate], random)
    return { keys, traffic: given, draw: () => given.call(ASKED[drawAsked()] ?? 'read', keys.draw()) }
  })
  const drawPart = weighted(
    families.map(({ weight }) => weight),
    random,
  )
  const drawOperation = () => parts[drawPart()]!.draw()

  const { limiter: wanted } = traffic
  const limiters = wanted || cache.ask ? (cache.limiters?.() ?? []) : []
  const [first] = parts
  const callers = wanted ?? { identifiers: first?.keys.count ?? 1, skew: families[0]?.skew ?? 0 }
  const drawCheck = limiters.length > 0 ? limiterTraffic(limiters, callers, random) : undefined
  const drawAsk = () => asks((key) => cache.ask!(key), first!.keys)
  const share = wanted?.share ?? 0

  return {
    limiters: limiters.map(({ name, limit, windowMs, onUnavailable }) => {
      return { name, limit, windowMs, onUnavailable }
    }),
    mostInFlight: MOST_IN_FLIGHT,
    warm: (deadlineMs) =>
      warmUntilHit(
        parts.flatMap(({ keys, traffic: each }) =>
          Array.from({ length: keys.count }, (_, number) => () => each.warm(number)),
        ),
        { atOnce, deadlineMs },
      ),
    draw: cache.ask
      ? (drawCheck ?? drawAsk)
      : drawCheck
        ? () => (random() < share ? drawCheck() : drawOperation())
        : drawOperation,
    ...(subject.source === undefined && !cache.ask && { takeLoads: () => source.takeLoads() }),
    status: cache.status && (() => cache.status?.() ?? ''),
    close: () => endQuietly(cache),
  }
}

/** A limiter whose answers nobody sees. */
function asks(ask: (key: string) => Promise<void>, keys: TrafficKeys): Call {
  const outcome = outcomeOf('check', 0)
  const key = keys.name(keys.draw())
  return {
    outcome,
    start: () =>
      ask(key).then(
        () => outcome,
        () => outcome | OUTCOME.error,
      ),
  }
}

/** What is not ours is not told of a time to live, and what stores records has one for each kind. */
function ttlMsOf({ module, source, longestTtlMs }: Subject, { ttlSeconds }: TrafficFamily): number {
  if (module || source) return UNTOLD_TTL_MS
  return ttlSeconds === null ? (longestTtlMs ?? UNTOLD_TTL_MS) : ttlSeconds * 1000
}

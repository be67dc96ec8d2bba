import { worstOf, type TimeToFallback, type Wait } from '../client-options/time-to-fallback.js'
import type { CheckReport } from '../report/doctor-report.js'
import type { AwayKind } from './away.js'
import { inWords } from './in-words.js'
import type { JudgedClient } from './judged-client.js'
import { moreLoad } from './more-load.js'
import type { World } from './world.js'

/** What callers of the cache feel. @param kind the way in which Redis is away */
export function callers({ client }: World, kind: AwayKind): string {
  if (!client) return 'Users: whether they wait is not known, because no client is declared.'
  const wait = waitFor(client.timeToFallback, kind)
  const who = nameOf(client)
  if (client.library === 'transparent-cache') {
    return `Users: no errors; each cache call falls back within ${inWords.time(wait.worstMs)} (${who}).`
  }
  // Wrong credentials are answered, and ioredis rejects what waits at once (reference/ops.md §0.1).
  if (kind === 'auth' || (wait.worstMs !== null && wait.worstMs < 50)) {
    return `Users: each cache call fails at once (${who}).`
  }
  const pays = client.timeToFallback.everyCallPays || kind !== 'stalled'
  const longest =
    wait.worstMs === null
      ? kind === 'loading'
        ? 'waits until the data is loaded'
        : 'never returns'
      : `waits up to ${inWords.time(wait.worstMs)} and then fails`
  return `Users: ${pays ? 'each cache call' : 'one cache call of each process'} ${longest} (${who}).`
}

/** A hang without an end keeps even the fallback from running. */
function neverReturns({ timeToFallback }: JudgedClient, kind: AwayKind): boolean {
  return (
    waitFor(timeToFallback, kind).worstMs === null &&
    kind !== 'auth' &&
    (kind !== 'stalled' || timeToFallback.everyCallPays)
  )
}

function waitFor(waits: TimeToFallback, kind: AwayKind): Wait {
  if (kind === 'stalled' || kind === 'loading' || kind === 'unreachable') return waits[kind]
  return waits.refused
}

/** The policy that each limiter follows now, as it is declared. @param whose begins the sentence */
export function limiters({ limiters: declared, rateLimit }: World, whose = 'Limits'): string {
  if (rateLimit.backend === null) {
    return 'Limits: as before, since the limiters have no Redis (RATE_LIMIT_PROVIDER, ENABLE_RATE_LIMITER_REDIS): nobody is limited.'
  }
  const named = (policy: 'allow' | 'deny') =>
    Object.entries(declared)
      .filter(([, { onUnavailable = 'allow' }]) => onUnavailable === policy)
      .map(([name]) => name)
  const [open, closed] = [named('allow'), named('deny')]
  if (open.length + closed.length === 0) {
    return `${whose}: none is declared (limiters in cache.config.json); with the default, onUnavailable 'allow', nobody is limited.`
  }
  const does = [
    ...(open.length > 0
      ? [`${open.join(', ')} let${open.length === 1 ? 's' : ''} everybody through (fail-open)`]
      : []),
    ...(closed.length > 0
      ? [`${closed.join(', ')} den${closed.length === 1 ? 'ies' : 'y'} everybody (fail-closed)`]
      : []),
  ]
  return `${whose}, as declared: ${does.join('; ')}.`
}

/** What the source of truth gets now. @param checks of this run; @param kind as of `callers` */
export function source(world: World, checks: readonly CheckReport[], kind: AwayKind): string {
  const supabase = checks.find(({ id }) => id === 'SUP-001')
  if (supabase?.status === 'FAIL') return 'Supabase does not answer either: requests fail.'
  const state =
    supabase?.status === 'ok' || supabase?.status === 'warn'
      ? `it answers (${supabase.message})`
      : 'it was not looked at'
  if (world.client && neverReturns(world.client, kind)) {
    return `Supabase gets none of these reads, because no call comes back to fall back on it; ${state}.`
  }
  return `Supabase gets every read that the cache would have answered${moreLoad(world, checks)}; ${state}.`
}

/** The same of a Redis that still serves what it has. */
export function sourceInTheEnd(world: World, checks: readonly CheckReport[]): string {
  return `Supabase gets every read once the TTLs have ended${moreLoad(world, checks)}.`
}

/** What it would cost to lose a Redis that is well. */
export function ifLost({ client }: World, checks: readonly CheckReport[]): string[] {
  return [...waitIfLost(client), ...loadIfLost(checks.find(({ id }) => id === 'DB-004'))]
}

function waitIfLost(client: World['client']): string[] {
  if (!client) return []
  const worst = worstOf(client.timeToFallback)
  const longest = worst === null ? 'for ever' : `up to ${inWords.time(worst)}`
  return [`If it were lost now, one cache call would wait ${longest} (${nameOf(client, ', assumed')}).`]
}

function loadIfLost(load: CheckReport | undefined): string[] {
  if (load === undefined || load.value === null) return []
  const { value, status } = load
  const verdict =
    { ok: 'which it takes', warn: 'which may be too much', FAIL: 'which is too much' }[status as string] ??
    'and whether it takes them is not known'
  return [`Supabase would get ${Math.round(value)} reads/s more, ${verdict} (DB-004).`]
}

function nameOf({ library, assumed }: JudgedClient, note = ''): string {
  const name = inWords.library(library)
  if (!assumed) return name
  return note === '' ? `if the client is ${name} with its defaults` : `${name} with its defaults${note}`
}

import { systemClock } from '../kernel/clock.js'
import type { CacheOperation, LibraryEvent } from '../kernel/events.js'
import { logAllowAll, logCheck, logLimiterState } from './limiter-log.js'
import type { Logger } from './logger.js'

const consoleLogger: Logger = {
  warn: (message, fields) => globalThis.console.warn(oneLine(message, fields)),
  info: (message, fields) => globalThis.console.info(oneLine(message, fields)),
}

function oneLine(message: string, fields: Record<string, string | number>): string {
  return [message, ...Object.entries(fields).map(([name, value]) => `${name}=${value}`)].join(' ')
}

let logger: Logger | null = consoleLogger

/** Sends the log lines elsewhere; null silences them. @default the console */
export function setLogger(next: Logger | null): void {
  logger = next
}

const FAILURE_TEXT: Record<CacheOperation, string> = {
  get: '[TransparentCache] Cache get failed - treating as cache miss',
  set: '[TransparentCache] Cache set failed - continuing without cache',
  del: '[TransparentCache] Cache del failed - invalidation kept until the backend is back',
}

/** What belongs to the key or the value of one call, or to the write protocol at work, is no sign of an outage. */
const NOT_AN_OUTAGE = new Set([
  'UNUSABLE_KEY',
  'NOT_SERIALISABLE',
  'RESERVED_TEXT',
  'TOO_LARGE',
  'TOO_LATE',
  'LATE',
  'EVENT_LOOP_STALL',
  'REFUSED',
  'CONFLICT',
  'UNDECODABLE',
  'INTEGRITY',
])

/** A backend that was up for less is still in the outage that it was in before. */
const QUIET_MS = 10_000

interface Outage {
  /** When each text was last written. */
  saidAt: Map<string, number>
  /** What was written since the backend was last up. */
  said: Set<string>
  withoutBackend: number
}

const outages = new Map<string, Outage>()
let passThroughSaid = false

/** Writes each text on the first failure of an outage, counts the rest, and says when it is over. */
export function writeLog(event: LibraryEvent): void {
  if (!logger) return
  switch (event.type) {
    case 'operation':
      return logOperation(event, logger)
    case 'state':
      return logState(event, logger)
    case 'invalidations':
      if (event.change !== 'lost') return
      return once(
        `${event.cache} lost`,
        '[TransparentCache] Invalidations lost - entries may be stale until their TTL',
        event,
      )
    case 'pass-through':
      if (passThroughSaid) return
      passThroughSaid = true
      return logger.warn(
        '[TransparentCache] PassThroughCache active - all cache operations disabled (Redis unavailable)',
        { cache: event.cache },
      )
    case 'warning':
      return logger.warn(
        `[${event.part === 'limiter' ? 'TransparentRateLimiter' : 'TransparentCache'}] ${event.message}`,
        {
          subject: event.subject,
        },
      )
    case 'check':
      return logCheck(event, logger)
    case 'limiter-state':
      return logLimiterState(event, logger)
    case 'allow-all':
      return logAllowAll(event, logger)
  }
}

function logOperation(event: Extract<LibraryEvent, { type: 'operation' }>, to: Logger): void {
  const { cache, backend, operation, result, errorType } = event
  if (errorType === null || NOT_AN_OUTAGE.has(errorType)) return
  const outage = outageOf(cache)
  outage.withoutBackend++
  if (isNew(outage, operation)) to.warn(FAILURE_TEXT[operation], { cache, backend, result, errorType })
}

function logState(event: Extract<LibraryEvent, { type: 'state' }>, to: Logger): void {
  const outage = outages.get(event.cache)
  if (!outage) return
  if (event.from === 'up' && event.lastedMs >= QUIET_MS) outages.delete(event.cache)
  if (event.to !== 'up' || outage.said.size === 0) return
  outage.said.clear()
  to.info('[TransparentCache] Backend is back', {
    cache: event.cache,
    backend: event.backend,
    operationsWithout: outage.withoutBackend,
  })
  outage.withoutBackend = 0
}

function once(id: string, text: string, event: { cache: string; backend: string }): void {
  if (isNew(outageOf(event.cache), id)) logger?.warn(text, { cache: event.cache, backend: event.backend })
}

function outageOf(cache: string): Outage {
  let outage = outages.get(cache)
  if (!outage) outages.set(cache, (outage = { saidAt: new Map(), said: new Set(), withoutBackend: 0 }))
  return outage
}

/** Whether to write a text: once in an outage, and no oftener than the backend may come and go. */
function isNew(outage: Outage, id: string): boolean {
  const now = systemClock.now()
  if (outage.said.has(id) || now - (outage.saidAt.get(id) ?? -Infinity) < QUIET_MS) return false
  outage.saidAt.set(id, now)
  outage.said.add(id)
  return true
}

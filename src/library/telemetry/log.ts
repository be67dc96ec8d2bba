import type { CacheOperation, LibraryEvent } from '../kernel/events.js'

/** Where the library's few log lines go. `fields` holds what a structured logger would index. */
export interface Logger {
  warn(message: string, fields: Record<string, string | number>): void
  info(message: string, fields: Record<string, string | number>): void
}

const consoleLogger: Logger = {
  warn: (message, fields) => globalThis.console.warn(message, fields),
  info: (message, fields) => globalThis.console.info(message, fields),
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
  'REFUSED',
  'CONFLICT',
  'UNDECODABLE',
])

interface Outage {
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
      return logger.warn(`[TransparentCache] ${event.message}`, { subject: event.subject })
    case 'check':
      return
  }
}

function logOperation(event: Extract<LibraryEvent, { type: 'operation' }>, to: Logger): void {
  const { cache, backend, operation, result, errorType } = event
  if (errorType === null || NOT_AN_OUTAGE.has(errorType)) return
  let outage = outages.get(cache)
  if (!outage) outages.set(cache, (outage = { said: new Set(), withoutBackend: 0 }))
  outage.withoutBackend++
  if (outage.said.has(operation)) return
  outage.said.add(operation)
  to.warn(FAILURE_TEXT[operation], { cache, backend, result, errorType })
}

function logState(event: Extract<LibraryEvent, { type: 'state' }>, to: Logger): void {
  if (event.to !== 'up') return
  const outage = outages.get(event.cache)
  outages.delete(event.cache)
  if (!outage) return
  to.info('[TransparentCache] Backend is back', {
    cache: event.cache,
    backend: event.backend,
    operationsWithout: outage.withoutBackend,
  })
}

function once(id: string, text: string, event: { cache: string; backend: string }): void {
  let outage = outages.get(event.cache)
  if (!outage) outages.set(event.cache, (outage = { said: new Set(), withoutBackend: 0 }))
  if (outage.said.has(id)) return
  outage.said.add(id)
  logger?.warn(text, { cache: event.cache, backend: event.backend })
}

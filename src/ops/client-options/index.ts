import { ioredisTimeToFallback } from './ioredis.js'
import { readOptions, type OptionValue } from './read-options.js'
import type { ClientLibrary, TimeToFallback } from './time-to-fallback.js'
import { transparentCacheTimeToFallback } from './transparent-cache.js'
import { upstashTimeToFallback } from './upstash.js'

export interface JudgedOptions {
  timeToFallback: TimeToFallback
  /** Options that were given and do not decide how long a call waits. */
  ignored: string[]
}

/**
 * How long a call of a client with these options keeps its caller when Redis is away. Pure: nothing is connected.
 *
 * @throws UsageError for a wrong value or a misspelt name
 */
export function timeToFallbackOf(
  library: ClientLibrary,
  given: Readonly<Record<string, OptionValue>> = {},
): JudgedOptions {
  const { options, ignored } = readOptions(library, given)
  return { timeToFallback: judge(library, options), ignored }
}

function judge(library: ClientLibrary, options: Record<string, OptionValue>): TimeToFallback {
  switch (library) {
    case 'ioredis@5':
      return ioredisTimeToFallback(5, options)
    case 'ioredis@6':
      return ioredisTimeToFallback(6, options)
    case 'upstash':
      return upstashTimeToFallback(options)
    case 'transparent-cache':
      return transparentCacheTimeToFallback(options)
  }
}

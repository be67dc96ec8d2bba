import { UsageError } from '../report/errors.js'
import { nearest } from '../report/nearest.js'
import type { ClientLibrary } from './time-to-fallback.js'

/** An option as it stands in a settings file, where there are no functions. */
export type OptionValue = string | number | boolean | null

type Kind = 'ms' | 'count' | 'boolean' | 'count or null' | 'count or false' | 'ms or false' | 'backend'

const IOREDIS: Record<string, Kind> = {
  connectTimeout: 'ms',
  commandTimeout: 'ms',
  socketTimeout: 'ms',
  maxRetriesPerRequest: 'count or null',
  enableOfflineQueue: 'boolean',
  retryDelayMs: 'ms or false',
}

/** The options that are judged, and what each may be; nearly all decide how long a call waits. */
const OPTIONS: Record<ClientLibrary, Record<string, Kind>> = {
  'ioredis@5': IOREDIS,
  'ioredis@6': IOREDIS,
  upstash: { retries: 'count or false', timeoutMs: 'ms', automaticDeserialization: 'boolean' },
  'transparent-cache': { backend: 'backend', deadlineMs: 'ms', breaker: 'boolean' },
}

const ACCEPTS: Record<Kind, (value: OptionValue) => boolean> = {
  ms: isNumber,
  count: isCount,
  boolean: (value) => typeof value === 'boolean',
  'count or null': (value) => value === null || isCount(value),
  'count or false': (value) => value === false || isCount(value),
  'ms or false': (value) => value === false || isNumber(value),
  backend: (value) => value === 'redis' || value === 'upstash',
}

/**
 * Checks options against what their library knows. Options that do not decide how long a call waits, such as `keyPrefix`,
 * are left out and named.
 *
 * @throws UsageError for a wrong value, and for a name that looks like a slip: a misspelt timeout would be judged as none
 */
export function readOptions(
  library: ClientLibrary,
  given: Readonly<Record<string, OptionValue>>,
): { options: Record<string, OptionValue>; ignored: string[] } {
  const known = OPTIONS[library]
  const options: Record<string, OptionValue> = {}
  const ignored: string[] = []
  for (const [name, value] of Object.entries(given)) {
    const kind = known[name]
    if (kind === undefined) {
      const meant = nearest(name, Object.keys(known))
      if (meant === undefined) ignored.push(name)
      else throw unknownOption(library, name, meant)
    } else if (ACCEPTS[kind](value)) options[name] = value
    else throw badValue(library, name, kind)
  }
  return { options, ignored }
}

function unknownOption(library: ClientLibrary, name: string, meant: string): UsageError {
  return new UsageError(
    'UNKNOWN_CLIENT_OPTION',
    `doctor.client.options: ${library} has no option ${JSON.stringify(name)} that decides how long a call waits.`,
    [`did you mean ${meant}?`],
  )
}

function badValue(library: ClientLibrary, name: string, kind: Kind): UsageError {
  const wanted = { ms: 'a time in ms', 'ms or false': 'a time in ms, or false', backend: 'redis or upstash' }
  return new UsageError(
    'BAD_CLIENT_OPTION',
    `doctor.client.options.${name} (${library}) is not ${kind in wanted ? wanted[kind as keyof typeof wanted] : `a ${kind}`}.`,
  )
}

function isNumber(value: OptionValue): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}

function isCount(value: OptionValue): boolean {
  return Number.isInteger(value) && Number(value) >= 0
}

import { emit } from '../kernel/events.js'
import { databaseOf } from './redis-url.js'

/**
 * A configured backend, ready for `createKeyValueClient`: Redis with the URL (`redis://` or `rediss://`) and the password
 * where the URL holds none, or Upstash with the URL and the token of its REST API.
 */
export type RedisBackend =
  { backend: 'redis'; url: string; password?: string } | { backend: 'upstash'; url: string; token: string }

/**
 * Which of an application's uses of Redis is meant. Limiters can be pointed elsewhere (`RATE_LIMIT_PROVIDER`), caches too
 * (`CACHE_PROVIDER`), and those with a flag of their own be switched off: `ENABLE_RATE_LIMITER_REDIS`,
 * `ENABLE_AUTH_VALIDATION_CACHE`, `ENABLE_CONVERSATION_CACHING`, all on unless set to false, 0, no or off.
 */
export type BackendPurpose = 'cache' | 'rate-limit' | 'auth-validation' | 'conversations'

/** What the environment asks for, and what is wrong with how it does. */
export interface BackendResolution {
  /** Null: no Redis; caches pass through and limiters allow all. */
  backend: RedisBackend | null
  /** Which variable decided. */
  decidedBy: string
  /** Settings that contradict each other or cannot be used, for people. Never holds a value of a variable. */
  problems: string[]
}

type Environment = Record<string, string | undefined>

/** Of a handful of texts; none holds a value. */
const said = new Set<string>()

const PROVIDERS = ['redis', 'upstash', 'none'] as const

/** Of those that have one. */
const FLAGS: Partial<Record<BackendPurpose, string>> = {
  'rate-limit': 'ENABLE_RATE_LIMITER_REDIS',
  'auth-validation': 'ENABLE_AUTH_VALIDATION_CACHE',
  conversations: 'ENABLE_CONVERSATION_CACHING',
}
const OFF = new Set(['false', '0', 'no', 'off'])

/**
 * Which backend the environment asks for, and what is wrong with how it does. Never throws and says nothing by itself.
 *
 * `REDIS_URL` (with `REDIS_PASSWORD`) wins over `UPSTASH_REDIS_REST_URL` and `UPSTASH_REDIS_REST_TOKEN`, and that both
 * are set is reported. `CACHE_PROVIDER`, `RATE_LIMIT_PROVIDER` = `redis`, `upstash` or `none` overrides.
 * A purpose that is switched off by its flag has no backend, whatever else is set.
 */
export function resolveBackend(
  environment: Environment = process.env,
  purpose: BackendPurpose = 'cache',
): BackendResolution {
  const flag = FLAGS[purpose]
  if (flag !== undefined && OFF.has(environment[flag]?.trim().toLowerCase() ?? ''))
    return { backend: null, decidedBy: flag, problems: [] }
  const problems: string[] = []
  const redis = readRedis(environment, problems)
  const upstash = readUpstash(environment, problems)
  const variable = purpose === 'rate-limit' ? 'RATE_LIMIT_PROVIDER' : 'CACHE_PROVIDER'
  const wish = environment[variable]?.trim().toLowerCase()

  if (wish) {
    if (wish === 'none') return { backend: null, decidedBy: variable, problems }
    const wished = wish === 'redis' ? redis : wish === 'upstash' ? upstash : undefined
    if (wished) return { backend: wished, decidedBy: variable, problems }
    problems.push(
      wished === null
        ? `${variable} asks for ${wish}, but ${wish === 'redis' ? 'REDIS_URL' : 'UPSTASH_REDIS_REST_URL and UPSTASH_REDIS_REST_TOKEN'} cannot be used`
        : `${variable} is none of ${PROVIDERS.join(', ')}`,
    )
    // Falling back to the other provider would hide the mistake behind a half-working service.
    if (wished === null) return { backend: null, decidedBy: variable, problems }
  }
  if (redis && upstash) problems.push('both REDIS_URL and UPSTASH_REDIS_REST_URL are set; REDIS_URL is used')
  if (redis) return { backend: redis, decidedBy: 'REDIS_URL', problems }
  if (upstash) return { backend: upstash, decidedBy: 'UPSTASH_REDIS_REST_URL', problems }
  return { backend: null, decidedBy: 'nothing is set', problems }
}

/**
 * The backend alone, for the common case: what is wrong with the settings is a warning in the log, once per process. Null where no Redis is configured, and where what is configured cannot be used.
 *
 * @param purpose what it is for: some uses are pointed elsewhere, or switched off, by a variable of their own
 */
export function resolveRedisBackend(
  environment: Environment = process.env,
  purpose: BackendPurpose = 'cache',
): RedisBackend | null {
  const { backend, problems } = resolveBackend(environment, purpose)
  for (const message of problems) warnOnce(purpose, message)
  return backend
}

function warnOnce(purpose: BackendPurpose, message: string): void {
  const part = purpose === 'rate-limit' ? 'limiter' : 'cache'
  const id = `${part} ${message}`
  if (said.has(id)) return
  said.add(id)
  emit({ type: 'warning', part, subject: 'environment', message })
}

function readRedis(environment: Environment, problems: string[]): RedisBackend | null {
  const url = environment['REDIS_URL']?.trim()
  const password = environment['REDIS_PASSWORD']
  if (!url) {
    if (password) problems.push('REDIS_PASSWORD is set without REDIS_URL')
    return null
  }
  if (!isUrl(url, ['redis:', 'rediss:'])) {
    problems.push('REDIS_URL is not a redis:// or rediss:// URL')
    return null
  }
  if (!isDecodable(url)) {
    problems.push('REDIS_URL is not decodable: a % of its user or password must be written as %25')
    return null
  }
  if (databaseOf(url) === null) {
    problems.push('REDIS_URL names a database that is not a number')
    return null
  }
  return { backend: 'redis', url, ...(password ? { password } : {}) }
}

function readUpstash(environment: Environment, problems: string[]): RedisBackend | null {
  const url = environment['UPSTASH_REDIS_REST_URL']?.trim()
  const token = environment['UPSTASH_REDIS_REST_TOKEN']?.trim()
  if (!url && !token) return null
  if (!url || !token) {
    problems.push(`UPSTASH_REDIS_REST_${url ? 'TOKEN' : 'URL'} is missing`)
    return null
  }
  if (!isUrl(url, ['https:', 'http:'])) {
    problems.push('UPSTASH_REDIS_REST_URL is not an https:// URL')
    return null
  }
  return { backend: 'upstash', url, token }
}

/** Clients decode user and password, and give up on one that they cannot. */
function isDecodable(url: string): boolean {
  const { username, password } = new URL(url)
  try {
    decodeURIComponent(username + password)
    return true
  } catch {
    return false
  }
}

function isUrl(text: string, protocols: string[]): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol)
}

import type { Servers } from './servers.js'
import { SECRETS } from './secrets.js'

/** What is wrong with the server that commands ask, and how it shows that they met it. */
export interface State {
  env: Record<string, string>
  /** In what each command that asks says at least once. */
  sign: RegExp
}

export const STATES = ['up', 'refused', 'wrong password', 'echoing', 'upstash', 'echoing upstash'] as const

/** `hung` is the one that is up, once it is frozen. */
export function statesOf({
  redis,
  upstash,
  echo,
  echoRest,
}: Servers): Record<(typeof STATES)[number] | 'hung', State> {
  const at = (port: number, password?: string) => ({
    REDIS_URL: `redis://${password === undefined ? '' : `default:${encodeURIComponent(password)}@`}127.0.0.1:${port}`,
  })
  const all = {
    SUPABASE_URL: echoRest.url,
    SUPABASE_SERVICE_ROLE_KEY: SECRETS.jwt,
    NEXT_PUBLIC_SUPABASE_KEY: SECRETS.service,
    DATABASE_URL: `postgres://app:${SECRETS.database}@127.0.0.1/app`,
    STAGING_URL: `redis://:${SECRETS.staging}@127.0.0.1:${redis.port}`,
    STAGING_PASSWORD: SECRETS.staging,
    UPSTASH_REDIS_REST_TOKEN: SECRETS.token,
  }
  const overRest = (url: string) => ({ ...all, CACHE_PROVIDER: 'upstash', UPSTASH_REDIS_REST_URL: url })
  // What clients log for their developers, arguments of commands among it.
  const aloud = { ...all, DEBUG: '*' }
  return {
    up: {
      env: { ...all, ...at(redis.port, SECRETS.url) },
      sign: new RegExp(`127\\.0\\.0\\.1:${redis.port}`),
    },
    refused: { env: { ...aloud, ...at(1, SECRETS.url) }, sign: /refused/ },
    'wrong password': {
      env: { ...aloud, ...at(redis.port, SECRETS.wrong) },
      sign: /does not accept this user or password/,
    },
    echoing: { env: { ...all, ...at(echo.port), REDIS_PASSWORD: SECRETS.phrase }, sign: /what is this/ },
    upstash: { env: overRest(upstash.url), sign: new RegExp(`upstash|${new URL(upstash.url).host}`, 'i') },
    'echoing upstash': { env: overRest(echoRest.url), sign: /what is this|cannot work on yet/ },
    hung: {
      env: { ...all, ...at(redis.port, SECRETS.url) },
      sign: /in time|stalled|no answer|did not answer/,
    },
  }
}

/** A variable of the application that decides what `cache` looks at; below the project file, and not ours to name. */
export interface AppVariable {
  name: string
  /** `secret` is never shown; of `address` only where it points to. */
  kind: 'address' | 'secret' | 'word'
  description: string
}

const variable = (name: string, kind: AppVariable['kind'], description: string): AppVariable => ({
  name,
  kind,
  description,
})

export const appVariables: readonly AppVariable[] = [
  variable('REDIS_URL', 'address', 'Redis of the application.'),
  variable('REDIS_PASSWORD', 'secret', 'Its password, where the URL holds none.'),
  variable('UPSTASH_REDIS_REST_URL', 'address', 'Upstash instead, over REST.'),
  variable('UPSTASH_REDIS_REST_TOKEN', 'secret', 'Its token.'),
  variable('CACHE_PROVIDER', 'word', 'Which of the two caches use: redis, upstash or none.'),
  variable('RATE_LIMIT_PROVIDER', 'word', 'Which of the two limiters use.'),
  variable('ENABLE_RATE_LIMITER_REDIS', 'word', 'false: nobody is limited.'),
  variable('ENABLE_AUTH_VALIDATION_CACHE', 'word', 'false: every login is validated at Supabase.'),
  variable('ENABLE_CONVERSATION_CACHING', 'word', 'false: every conversation is read from Supabase.'),
  variable('SUPABASE_URL', 'address', 'Supabase of the application.'),
  variable('SUPABASE_SERVICE_ROLE_KEY', 'secret', 'Its key.'),
]

/** What a web framework publishes; doctor looks whether a secret is among it. */
const PUBLISHED = /^NEXT_PUBLIC_/

export function isAppVariable(name: string): boolean {
  return PUBLISHED.test(name) || appVariables.some((each) => each.name === name)
}

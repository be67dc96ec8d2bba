import { appVariables } from '../../config/app-variables.js'
import type { SubjectEnvironment } from '../subjects/subject.js'
import { spokenByApp, type AppSpec } from './app.js'

/** Addresses and keys of services that are not the drill's: an app that is drilled must not reach them. */
const FOREIGN = new Set(appVariables.filter(({ kind }) => kind !== 'word').map(({ name }) => name))
/** Never the app's: ours. */
const OURS = /^CACHE_(?!PROVIDER$)|^NODE_CHANNEL_|^VITEST/

export interface AppEnvironment {
  /** All that the process gets. */
  env: Record<string, string>
  /** Names of those that point to a door now. */
  rewritten: string[]
  /** Names of those that are empty now. */
  removed: string[]
}

/**
 * The app's environment with the addresses of its services replaced by those of the doors. What is left of a Redis URL is its
 * database and its options; its password stays behind, as a server of ours has none.
 */
export function appEnvironment(
  spec: Pick<AppSpec, 'env' | 'redisVariables' | 'backend' | 'withSupabase'>,
  { redisUrl, upstash, supabase }: SubjectEnvironment,
): AppEnvironment {
  const given: Record<string, string> = {}
  if (redisUrl !== null) {
    for (const name of ['REDIS_URL', ...(spec.redisVariables ?? [])])
      given[name] = redirected(spec.env[name], redisUrl)
  }
  if (upstash) {
    given['UPSTASH_REDIS_REST_URL'] = upstash.url
    given['UPSTASH_REDIS_REST_TOKEN'] = upstash.token
  }
  if (supabase) {
    given['SUPABASE_URL'] = supabase.url
    given['SUPABASE_SERVICE_ROLE_KEY'] = supabase.serviceRoleKey
  }
  const kept = Object.entries(spec.env).filter((entry): entry is [string, string] => {
    const [name, value] = entry
    return value !== undefined && !OURS.test(name) && !FOREIGN.has(name)
  })
  const rewritten = Object.keys(given)
  const removed = Object.keys(spec.env).filter((name) => FOREIGN.has(name) && !(name in given))
  // Empty, not absent: what is absent a .env file of the app's would bring back.
  const emptied = Object.fromEntries(removed.map((name) => [name, '']))
  return { env: { ...Object.fromEntries(kept), ...emptied, ...given }, rewritten, removed }
}

/** The door's address with the database and the options of what was there before. */
function redirected(original: string | undefined, door: string): string {
  if (original === undefined || !URL.canParse(original)) return door
  const { pathname, search } = new URL(original)
  const url = new URL(door)
  return `${url.protocol}//${url.username ? `${url.username}:${url.password}@` : ''}${url.host}${pathname === '/' ? '' : pathname}${search}`
}

/** Names of the variables that will point to a door, before anything is started. */
export function variablesOf(spec: AppSpec): string[] {
  const { protocol, source } = spokenByApp(spec)
  return [
    ...(protocol === 'resp'
      ? ['REDIS_URL', ...(spec.redisVariables ?? [])]
      : ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN']),
    ...(source ? ['SUPABASE_URL', 'SUPABASE_SERVICE_ROLE_KEY'] : []),
  ]
}

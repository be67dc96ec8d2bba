import { appVariables } from '../../config/app-variables.js'
import type { SubjectEnvironment } from '../subjects/subject.js'
import { spokenByApp, type AppSpec } from './app.js'

/** Addresses and keys of services that are not the drill's: an app that is drilled must not reach them. */
const FOREIGN = new Set(appVariables.filter(({ kind }) => kind !== 'word').map(({ name }) => name))
/** Of whoever has forked us. */
const OURS = /^NODE_CHANNEL_/
const REDIS_ADDRESS = /^rediss?:\/\//i
/** Of what stands in for Redis, whatever the variable is called, such as VALKEY_URL or KV_REST_API_URL. */
const KINDRED_ADDRESS = /^(?:valkeys?:\/\/|https:\/\/[^/?#]+\.upstash\.io(?:[:/?#]|$))/i

export interface AppEnvironment {
  /** All that the process gets. */
  env: Record<string, string>
  /** Names of those that point to a door now. */
  rewritten: string[]
  /** Names of those that are empty now. */
  removed: string[]
}

/**
 * The app's environment with the addresses of its services replaced by those of the doors, whatever the variable with a Redis
 * URL is called. What is left of such a URL is its database and its options; its password stays behind, as a server of ours has
 * none.
 */
export function appEnvironment(
  spec: Pick<AppSpec, 'env' | 'redisVariables' | 'backend' | 'withSupabase'>,
  { redisUrl, upstash, supabase }: SubjectEnvironment,
): AppEnvironment {
  const given: Record<string, string> = {}
  if (redisUrl !== null) {
    for (const name of redisNames(spec)) given[name] = redirected(spec.env[name], redisUrl)
  }
  if (upstash) {
    given['UPSTASH_REDIS_REST_URL'] = upstash.url
    given['UPSTASH_REDIS_REST_TOKEN'] = upstash.token
  }
  if (supabase) {
    given['SUPABASE_URL'] = supabase.url
    given['SUPABASE_SERVICE_ROLE_KEY'] = supabase.serviceRoleKey
  }
  const kept = Object.entries(forApp(spec.env)).filter(([name, value]) => !isForeign(name, value))
  const rewritten = Object.keys(given)
  const removed = Object.keys(spec.env).filter((name) => isForeign(name, spec.env[name]) && !(name in given))
  // Empty, not absent: what is absent a .env file of the app's would bring back.
  const emptied = Object.fromEntries(removed.map((name) => [name, '']))
  return { env: { ...Object.fromEntries(kept), ...emptied, ...given }, rewritten, removed }
}

/** What may be handed on of an environment that was ours. */
export function forApp(env: AppSpec['env']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined && !OURS.test(entry[0]),
    ),
  )
}

/** Those that hold, or are to hold, the address of Redis; the one that counts first. */
export function redisNames({ env, redisVariables = [] }: Pick<AppSpec, 'env' | 'redisVariables'>): string[] {
  const others = Object.keys(env).filter((name) => REDIS_ADDRESS.test(env[name] ?? ''))
  return [...new Set(['REDIS_URL', ...redisVariables, ...others])]
}

function isForeign(name: string, value: string | undefined): boolean {
  return FOREIGN.has(name) || REDIS_ADDRESS.test(value ?? '') || KINDRED_ADDRESS.test(value ?? '')
}

/** The door's address with the database and the options of what was there before. */
function redirected(original: string | undefined, door: string): string {
  if (original === undefined || !URL.canParse(original)) return door
  const { pathname, searchParams } = new URL(original)
  for (const credential of ['username', 'password']) searchParams.delete(credential)
  const search = searchParams.size > 0 ? `?${searchParams.toString()}` : ''
  const url = new URL(door)
  return `${url.protocol}//${url.username ? `${url.username}:${url.password}@` : ''}${url.host}${pathname === '/' ? '' : pathname}${search}`
}

/** Names of the variables that will point to a door, before anything is started. */
export function variablesOf(spec: AppSpec): string[] {
  if (spec.own) return spec.own.filter(({ hasDoor }) => hasDoor).flatMap(({ variables }) => variables)
  const { protocol, source } = spokenByApp(spec)
  return [
    ...(protocol === 'resp' ? redisNames(spec) : ['UPSTASH_REDIS_REST_URL', 'UPSTASH_REDIS_REST_TOKEN']),
    ...(source ? ['SUPABASE_URL', 'SUPABASE_SERVICE_ROLE_KEY'] : []),
  ]
}

import { OptionError } from '../kernel/errors.js'
import { refuseUnknownOptions } from '../kernel/known-options.js'
import type { CacheBackendOptions } from './cache-backend.js'
import type { SupabaseClientLike } from './supabase-client.js'

/** How the records of a store are cached. */
export interface StoreCacheOptions extends CacheBackendOptions {
  /** Records that are loaded at a time; see `CacheOptions`. @default 64 */
  maxConcurrentLoads?: number | undefined
}

/** Where the records of a store are, which is one of the two, and how they are cached. */
export type StoreOptions<Source> = StoreCacheOptions &
  (
    | {
        /** Of the service role, with the tables of `supabase/migrations`. */
        supabase: SupabaseClientLike
        /** Longest that a query may take, in ms, 1 to 60000; `TIMEOUT` after that. @default 3000 */
        deadlineMs?: number | undefined
        /** Left out: it is in Supabase. */
        source?: undefined
      }
    | {
        /** Another system of record. */
        source: Source
        /** Left out: it is elsewhere. */
        supabase?: undefined
        /** Left out: the source has one of its own. */
        deadlineMs?: undefined
      }
  )

/** How a store comes by its source. */
interface SourceKind<Source> {
  methods: readonly (keyof Source & string)[]
  fromSupabase(supabase: SupabaseClientLike, options: { deadlineMs: number }): Source
}

const NAMES = ['supabase', 'source', 'deadlineMs', 'redis', 'backendType', 'maxConcurrentLoads']

/** @throws OptionError for options that name no source, or two, or something that is none */
export function resolveStore<Source extends object>(
  options: StoreOptions<Source>,
  { methods, fromSupabase }: SourceKind<Source>,
): { source: Source; cache: StoreCacheOptions } {
  if (typeof options !== 'object' || options === null) throw new OptionError('options', options, 'an object')
  refuseUnknownOptions(options, NAMES)
  const { supabase, source, deadlineMs = 3000, ...cache } = options
  if (source !== undefined) {
    if (supabase !== undefined) throw new OptionError('source', source, 'left out where there is supabase')
    if (!hasMethods(source, methods))
      throw new OptionError('source', source, `an object with ${methods.join(', ')}`)
    return { source, cache }
  }
  if (supabase === undefined || !hasMethods(supabase, ['from', 'rpc'])) {
    const range = 'a client of @supabase/supabase-js'
    // It may be the key of one.
    throw new OptionError('supabase', undefined, range, `supabase is not ${range}, and there is no source`)
  }
  if (typeof deadlineMs !== 'number' || !(deadlineMs >= 1 && deadlineMs <= 60_000))
    throw new OptionError('deadlineMs', deadlineMs, 'a number from 1 to 60000')
  return { source: fromSupabase(supabase, { deadlineMs }), cache }
}

function hasMethods(value: unknown, methods: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false
  return methods.every((method) => typeof (value as Record<string, unknown>)[method] === 'function')
}

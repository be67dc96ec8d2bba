import type { GuardedServer } from './own-servers/guarded-server.js'
import type { Probe, ProbeSet } from '../../config/probes/probe.js'

/** An application as it is started, and what is asked of it. */
export interface AppSpec {
  /** The program, then its arguments. */
  command: readonly [string, ...string[]]
  /** What the app answers, with 2xx or 3xx, once it is ready; on loopback, in plain HTTP. Probes go to its origin. */
  readyUrl: string
  /** @default 30 s */
  readyWithinMs?: number | undefined
  probes: readonly Probe[]
  /** What more is known of the app, so that C2, C4 and C9 can be judged. */
  declared?: Partial<Omit<ProbeSet, 'probes'>> | undefined
  /** What the app gets of our own environment before addresses are rewritten. */
  env: Readonly<Record<string, string | undefined>>
  /** Variables that hold the address of Redis, besides REDIS_URL. */
  redisVariables?: readonly string[] | undefined
  /** Gives the app the embedded Supabase. @default when its environment has SUPABASE_URL */
  withSupabase?: boolean | undefined
  /** What is taken away. @default `upstash` where the environment has its URL and no REDIS_URL, else `redis` */
  backend?: 'redis' | 'upstash' | undefined
  /** Its own servers, which the doors stand in front of. @default servers of ours */
  own?: readonly GuardedServer[] | undefined
}

const MAX_WORDS = 3
/** A value that may be a secret, or says nothing of what runs. */
const UNTOLD = /:\/\/|=|^-/

/** What the app is called in reports: the first words of its command, without options, addresses and paths to the program. */
export function appName({ command }: Pick<AppSpec, 'command'>): string {
  const [program, ...args] = command
  const end = args.findIndex((word) => UNTOLD.test(word))
  const words = args.slice(0, end === -1 ? undefined : end)
  return [program.split('/').at(-1) ?? program, ...words].slice(0, MAX_WORDS).join(' ')
}

/** What an app speaks to what is taken away from it, and whether its source of truth is ours to take. */
export function spokenByApp({
  backend,
  env,
  withSupabase,
}: Pick<AppSpec, 'backend' | 'env' | 'withSupabase'>): {
  protocol: 'resp' | 'rest'
  source?: 'supabase'
} {
  const usual = env['UPSTASH_REDIS_REST_URL'] && !env['REDIS_URL'] ? 'upstash' : 'redis'
  const protocol = (backend ?? usual) === 'upstash' ? 'rest' : 'resp'
  const hasSource = withSupabase ?? Boolean(env['SUPABASE_URL'])
  return { protocol, ...(hasSource && { source: 'supabase' as const }) }
}

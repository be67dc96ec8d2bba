/** A server that an app's environment names, and that is not ours. */
export interface OwnServer {
  service: 'redis' | 'upstash' | 'supabase'
  /** Names of all variables that point to it. */
  variables: readonly string[]
  /** As the first of them names it: with its credentials, never to be shown. */
  url: string
  /** Whether the drill stands in front of it; the app reaches the others as ever. */
  hasDoor: boolean
}

/** One that may be drilled: whoever runs it has been asked where that is necessary. */
export interface GuardedServer extends OwnServer {
  /** What it is called: the environment's name, else `host:port`. */
  name: string
  host: string
  port: number
  production: boolean
}

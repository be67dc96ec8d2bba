import type { Report } from './report.js'

/** The services that `cache sandbox` keeps running. */
export interface SandboxReport extends Report {
  command: 'sandbox'
  /** End this process (SIGINT or SIGTERM) to end the services. */
  pid: number
  /** What to export for an application that is to use the services; the keys of Supabase are in `keyFile`. */
  env: {
    REDIS_URL: string
    UPSTASH_REDIS_REST_URL: string
    UPSTASH_REDIS_REST_TOKEN: string
    SUPABASE_URL?: string
  }
  services: {
    redis: { host: string; port: number; pid: number; version: string }
    /** `emulated`: it is ours, and answers 501 to what it does not support. */
    upstash: { host: string; port: number; emulated: true }
    /** Null: not started. */
    supabase: SupabaseFacts | null
  }
}

export interface SupabaseFacts {
  host: string
  port: number
  emulated: true
  /** Lines of shell that set SUPABASE_SERVICE_ROLE_KEY and SUPABASE_ANON_KEY; its owner alone can read it. */
  keyFile: string
  /** What runs the SQL: `PostgreSQL …`, or `PGlite …` in the process of the command, with no `pid` of its own. */
  postgres: { pid: number | null; version: string }
}

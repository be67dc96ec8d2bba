import type { SandboxReport } from '../../ops/report/sandbox-report.js'

/** Lines of shell, for an application that is to use the services. */
export function sandboxText({ env, services: { supabase } }: SandboxReport): string {
  return [
    `export REDIS_URL=${env.REDIS_URL}`,
    '# Upstash, emulated over the same Redis. Where both are set, REDIS_URL is used: unset it first.',
    `export UPSTASH_REDIS_REST_URL=${env.UPSTASH_REDIS_REST_URL}`,
    `export UPSTASH_REDIS_REST_TOKEN=${env.UPSTASH_REDIS_REST_TOKEN}`,
    ...(supabase === null
      ? []
      : [
          `# Supabase, emulated: a PostgREST subset over ${supabase.postgres.pid === null ? 'PGlite' : 'a real Postgres'}. The file sets SUPABASE_SERVICE_ROLE_KEY and`,
          '# SUPABASE_ANON_KEY; only you can read it, and it is gone with the sandbox.',
          `export SUPABASE_URL=${env.SUPABASE_URL}`,
          `. ${quoted(supabase.keyFile)}`,
        ]),
  ].join('\n')
}

function quoted(path: string): string {
  return `'${path.replaceAll("'", String.raw`'\''`)}'`
}

import { UsageError } from '../report/errors.js'
import type { Proxied } from '../report/proxy-report.js'

/** Where an application finds what a proxy may stand in front of. */
export const VARIABLE_OF = {
  redis: 'REDIS_URL',
  upstash: 'UPSTASH_REDIS_REST_URL',
  supabase: 'SUPABASE_URL',
} as const satisfies Record<Proxied, string>

/**
 * The service with a REST interface that `--url`, else the application's environment names.
 *
 * @throws UsageError when none is named, it is no URL, or a secret stands in `--url`; it repeats nothing of the URL
 */
export function restUrl(
  to: Exclude<Proxied, 'redis'>,
  given: string | undefined,
  environment: Record<string, string | undefined>,
): string {
  const variable = VARIABLE_OF[to]
  const url = given ?? environment[variable]?.trim()
  const source = given === undefined ? variable : '--url'
  const wayOut = [`export ${variable}=https://host`, 'or --url https://host']
  if (!url) throw noTarget(to, wayOut)
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol) || parsed.hostname === '')
    throw new UsageError('BAD_URL', `${source} is not an http:// or https:// URL of a host.`, wayOut)
  if (given !== undefined && (parsed.username !== '' || parsed.password !== '' || parsed.search !== '')) {
    throw new UsageError(
      'SECRET_IN_ARGUMENTS',
      '--url carries a user, a password or a query, which every process on this machine can read.',
      ['leave them out: the application shows its own credentials to the service'],
    )
  }
  return url
}

export function noTarget(to: Proxied, wayOut: string[]): UsageError {
  return new UsageError('NO_TARGET', `No server is named: ${VARIABLE_OF[to]} is not set.`, wayOut)
}

/** What the application is given in place of its own URL: without credentials, which it must put in again. */
export function throughDoor(url: string, { host, port }: { host: string; port: number }): string {
  const { protocol, pathname } = new URL(url)
  const plain = protocol.startsWith('redis') ? 'redis:' : 'http:'
  return `${plain}//${host}:${port}${pathname === '/' ? '' : pathname}`
}

export function hasCredentials(url: string): boolean {
  const { username, password, searchParams } = new URL(url)
  return username !== '' || password !== '' || ['username', 'password'].some((name) => searchParams.has(name))
}

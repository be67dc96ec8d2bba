import { databaseOf } from '../../library/backends/redis-url.js'
import { UsageError } from '../report/errors.js'

/** What `--url` names, with the password of the environment. @throws UsageError for no URL, or one with a credential */
export function fromFlag(
  url: string,
  environment: Record<string, string | undefined>,
): { url: string; password?: string | undefined } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (parsed?.protocol !== 'redis:' && parsed?.protocol !== 'rediss:') {
    throw new UsageError(
      'BAD_URL',
      '--url is not a redis:// or rediss:// URL of a host and a port up to 65535.',
      ['--url redis://host:6379'],
    )
  }
  const isSecret = (name: string) => parsed.searchParams.has(name)
  if (parsed.username !== '' || parsed.password !== '' || ['username', 'password'].some(isSecret)) {
    throw new UsageError(
      'SECRET_IN_ARGUMENTS',
      '--url carries a user or password, which every process on this machine can read.',
      ['put the whole URL into REDIS_URL', 'or leave them out of --url and set REDIS_PASSWORD'],
    )
  }
  if (parsed.hostname === '')
    throw new UsageError('BAD_URL', '--url names no host.', ['--url redis://host:6379'])
  return { url, password: environment['REDIS_PASSWORD'] }
}

/** What ioredis takes from the query of a URL, and would then connect to instead of what we name. */
const ELSEWHERE = ['host', 'port', 'path']

/** @throws UsageError when it cannot be told from the URL which server and database are meant */
export function requirePlace(url: string, source: string): void {
  const { searchParams } = new URL(url)
  const example = `${source === '--url' ? '--url ' : 'REDIS_URL='}redis://host:6379/0`
  const elsewhere = ELSEWHERE.find((name) => searchParams.has(name))
  if (elsewhere !== undefined) {
    throw new UsageError('BAD_URL', `${source} names a ${elsewhere} in its query, after the ?.`, [example])
  }
  if (databaseOf(url) === null) {
    throw new UsageError('BAD_URL', `${source} names a database that is not a number.`, [example])
  }
}

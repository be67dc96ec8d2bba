import { databaseOf } from '../../library/backends/redis-url.js'
import type { RedisBackend } from '../../library/backends/resolve.js'

const NAME = 'redis-cli '

/**
 * A remedy on the server that was looked at, ready to paste. The password never becomes an argument, which `ps` shows to
 * everybody on the machine: the shell takes it from REDIS_PASSWORD, or redis-cli asks for the one in REDIS_URL.
 *
 * What is no `redis-cli …` comes back as it was.
 */
export function onThisServer(command: string, backend: RedisBackend | null): string {
  if (!command.startsWith(NAME) || backend?.backend !== 'redis') return command
  const { protocol, hostname, port, username, password } = new URL(backend.url)
  const words = ['-h', hostname.replace(/^\[|\]$/g, '') || 'localhost', '-p', port || '6379']
  if (protocol === 'rediss:') words.push('--tls')
  const database = databaseOf(backend.url) ?? 0
  if (database !== 0) words.push('-n', String(database))
  const given = backend.password !== undefined
  // A user alone may be a password that somebody wrote into the wrong place.
  if (username !== '' && (password !== '' || given)) words.push('--user', decodeURIComponent(username))
  if (password !== '') words.push('--askpass')
  const login = password === '' && given ? 'REDISCLI_AUTH="$REDIS_PASSWORD" ' : ''
  return `${login}${NAME}${words.map(quoted).join(' ')} ${command.slice(NAME.length)}`
}

function quoted(word: string): string {
  return /^[\w.:-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

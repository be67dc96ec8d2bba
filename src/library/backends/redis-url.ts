/**
 * The URL with a password of its own, unless it has one.
 *
 * ioredis takes the lack of a password in a URL that names a user for an empty one, whatever stands beside it.
 */
export function withPassword(url: string, password: string | undefined): string {
  if (!password || !URL.canParse(url) || new URL(url).password !== '') return url
  const complete = new URL(url)
  complete.password = encodeURIComponent(password)
  return complete.href
}

/**
 * The number of the database that a URL names, as its path or as ioredis' `?db=`; 0 when it names none, null when what
 * stands there is no number.
 */
export function databaseOf(url: string): number | null {
  const { pathname, searchParams } = new URL(url)
  const named = /^\/?$/.test(pathname) ? (searchParams.get('db') ?? '0') : pathname.slice(1)
  return /^\d{1,9}$/.test(named) ? Number(named) : null
}

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

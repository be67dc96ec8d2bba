const SECRET = /pass|secret|token|credential|(?:^|[._-])key$|apikey|api_key/i
export const HIDDEN = '[redacted]'

/** An address without user, password and query; what cannot be parsed is not shown. */
export function maskedAddress(name: string, value: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(value) || !URL.canParse(value)) return `<unparsable ${name}>`
  const { protocol, host, pathname, username, password } = new URL(value)
  // A password with a slash in it begins the path.
  if (pathname.includes('@')) return `<unparsable ${name}>`
  const who = username || password ? `${HIDDEN}@` : ''
  return `${protocol}//${who}${host}${pathname === '/' ? '' : pathname}`
}

/** Where the names of variables stand, which may sound like what they hold. */
const NAMES = /^environments\..*\.variables\.[^.]+$/

/** A setting as it may be shown: nothing under a name that sounds like a secret, addresses without credentials. */
export function maskedSetting(path: string, value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (SECRET.test(path.split('.').at(-1)!) && !NAMES.test(path)) return HIDDEN
  if (Array.isArray(value)) return value.map((item) => maskedSetting(path, item))
  return maskedText(path, value)
}

export function maskedText(name: string, value: unknown): unknown {
  return typeof value === 'string' && value.includes('://') ? maskedAddress(name, value) : value
}

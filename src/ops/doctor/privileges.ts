import type { BackendResolution } from '../../library/backends/resolve.js'
import type { CheckReport, MissingPrivileges } from '../report/doctor-report.js'

/** What an operator has to allow, so that nothing is skipped for want of a right any more; null when nothing was. */
export function missingPrivileges(
  checks: readonly CheckReport[],
  { backend }: BackendResolution,
): MissingPrivileges | null {
  const refused = checks.filter(({ missing }) => missing !== null)
  if (refused.length === 0) return null
  const user = backend?.backend === 'redis' ? userOf(backend.url, backend.password !== undefined) : null
  const rights = unionOf(refused.map(({ missing }) => missing!))
  return { user, checks: refused.map(({ id }) => id), command: `ACL SETUSER ${user ?? 'USER'} ${rights}` }
}

/** Null for a name that may be a password in the wrong place, and for one that is not safe to paste. */
function userOf(url: string, passwordGiven: boolean): string | null {
  const { username, password } = new URL(url)
  if (username === '') return 'default'
  return (password !== '' || passwordGiven) && /^[\w.@-]+$/.test(username) ? username : null
}

/**
 * ACL strings as one, without repetition. What stands in parentheses is a selector, such as `(%R~* +pttl)`: these
 * commands on these keys, and nothing else on them. Those of the same keys become one.
 */
export function unionOf(rights: readonly string[]): string {
  const commands = new Set<string>()
  const selectors = new Map<string, Set<string>>()
  for (const [, selector, command] of rights.join(' ').matchAll(/\(([^)]*)\)|(\S+)/g)) {
    if (command !== undefined) commands.add(command)
    if (selector === undefined) continue
    const words = selector.trim().split(/\s+/)
    const keys = words.filter((word) => !word.startsWith('+')).join(' ')
    const known = selectors.get(keys) ?? new Set()
    selectors.set(keys, known)
    for (const word of words) if (word.startsWith('+')) known.add(word)
  }
  return [
    ...[...commands].sort(),
    ...[...selectors].map(([keys, inside]) => `(${[keys, ...[...inside].sort()].join(' ')})`),
  ].join(' ')
}

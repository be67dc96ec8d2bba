import type { MissingPrivileges } from './doctor-report.js'

/** What leads to the command that an operator is to run. */
export function privilegesSentence({ user, checks }: MissingPrivileges): string {
  const [count, need] = checks.length === 1 ? ['1 check', 'needs'] : [`${checks.length} checks`, 'need']
  const who = user === null ? 'this user' : `the user ${user}`
  return `${count} ${need} more than ${who} may do. For an operator to run; it allows to look, and nothing else:`
}

import { SafetyError } from '../report/errors.js'

const VARIABLE = 'CACHE_DRILLS_DISABLED'
/** What says that drills are allowed; whatever else stands there was meant to forbid them. */
const ALLOWED = ['', '0', 'false', 'no']

/**
 * The lever by which an operator forbids drills on a machine or a whole fleet: `CACHE_DRILLS_DISABLED=1`.
 *
 * @throws SafetyError while it is pulled
 */
export function requireDrillsAllowed(what: string, env: Record<string, string | undefined>): void {
  if (ALLOWED.includes((env[VARIABLE] ?? '').trim().toLowerCase())) return
  throw new SafetyError('DRILLS_DISABLED', `Refused to ${what}: ${VARIABLE} is set here.`, [
    `ask whoever set it, then: unset ${VARIABLE}`,
  ])
}

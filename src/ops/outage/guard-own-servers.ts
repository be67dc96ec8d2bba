import type { Settings } from '../config/schema.js'
import { identifyTarget, requireConfirmation } from '../config/target-guard.js'
import type { GuardedServer, OwnServer } from '../experiment/app/own-servers/guarded-server.js'
import { SafetyError, UsageError } from '../report/errors.js'

export interface Guard {
  environments: Settings['environments']
  /** Names that were given to go on, one for each server that counts as production. */
  confirmed: readonly string[]
  /** How many stop conditions there are. */
  conditions: number
  /**
   * Whether a server is one of `cache sandbox`, which holds nothing that matters. Asked only of servers on this machine and of
   * those that have been confirmed; may throw where no door can stand in front of it, or nobody answers.
   */
  isSandbox(server: OwnServer): Promise<boolean>
}

const WHAT = 'take servers away from an app'
const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/

/**
 * Lets through only servers that may be drilled. Each counts, also one that has no door: the app is started against it, and gets
 * traffic.
 *
 * @throws SafetyError for one that counts as production and was not confirmed by its name; nothing has been sent to it, unless
 * it is on this machine
 * @throws UsageError `NO_STOP_CONDITION` where one is production and nothing would end the drill early
 */
export async function guardServers(servers: readonly OwnServer[], guard: Guard): Promise<GuardedServer[]> {
  const guarded: GuardedServer[] = servers.map((server) => {
    const { name, host, port, production } = identifyTarget({
      url: server.url,
      environments: guard.environments,
    })
    return { ...server, name, host, port, production }
  })
  requireConfirmed(
    guarded.filter(({ host }) => !LOOPBACK.test(host)),
    guard.confirmed,
  )
  for (const server of guarded) if (await guard.isSandbox(server)) server.production = false
  requireConfirmed(guarded, guard.confirmed)
  const real = guarded.find(({ production }) => production)
  if (real && guard.conditions === 0) {
    throw new UsageError(
      'NO_STOP_CONDITION',
      `${real.name} counts as production, and nothing says what its users must not be asked to bear.`,
      ["--abort-if '5xx > 2% for 3s', which lifts the fault at once"],
    )
  }
  return guarded
}

/** Names all that are missing at once: whoever has to ask for leave wants to ask once. */
function requireConfirmed(servers: readonly GuardedServer[], confirmed: readonly string[]): void {
  const missing = servers.filter(({ name, production }) => production && !confirmed.includes(name))
  const names = [...new Set(missing.map(({ name }) => name))]
  const [only] = missing
  if (only === undefined) return
  if (names.length === 1) return requireConfirmation(only, WHAT, confirmed[0])
  throw new SafetyError(
    'NOT_CONFIRMED',
    `Refused to ${WHAT} on ${names.join(', ')}: each counts as production.`,
    [
      `to go on: ${names.map((name) => `--confirm ${name}`).join(' ')}`,
      'what is not production can be declared under environments in cache.config.json',
    ],
  )
}

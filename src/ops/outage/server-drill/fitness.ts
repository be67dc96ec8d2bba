import type { Settings } from '../../config/schema.js'
import type { Subject } from '../../experiment/subjects/subject.js'
import type { TargetReport } from '../../report/keys-report.js'
import { SafetyError, UsageError } from '../../report/errors.js'
import type { Others } from './others.js'

/** Longest that others may be made to wait. */
export const MAX_PAUSE_MS = 30_000

/** @throws UsageError for a pause that is too long */
export function requireShort(duringMs: Settings['outage']['during']): void {
  if (duringMs <= MAX_PAUSE_MS) return
  throw new UsageError(
    'PAUSE_TOO_LONG',
    `${duringMs / 1000} s are too long to let the clients of others wait; with --server-fault it is ${MAX_PAUSE_MS / 1000} s at most.`,
    ['--during 10s'],
  )
}

/** @throws UsageError when what the subject writes could not be told from what others write, or would stay */
export function requireOwnKeys({ name, protocol, source, module }: Subject): void {
  if (protocol !== 'resp' || source !== undefined) {
    throw new UsageError(
      'DOES_NOT_FIT',
      `${name} cannot be drilled on a server that others use: it ${protocol === 'resp' ? 'gives its keys names that are not the drill’s' : 'does not speak the protocol of Redis'}.`,
      ['--subject library', 'or --module, for your own'],
    )
  }
  if (module && module.ttl === undefined && module.declared?.limit === undefined) {
    throw new UsageError(
      'NO_TTL',
      `On a server that others use nothing is written without a time to live, and nobody has said which ${name} is to give its keys.`,
      ['--module-ttl 300, in the unit of its own set', 'or --limit 20/1s, if it is a limiter'],
    )
  }
}

/** @throws SafetyError for a server that must not be paused, or where it would show nothing */
export function requirePausable(
  { name, cluster, role }: Pick<TargetReport, 'name' | 'cluster' | 'role'>,
  { clients, sentinels }: Others,
  commands: 'all' | 'writes',
): void {
  if (cluster) {
    throw refused(
      'A_CLUSTER',
      `${name} is a node of a cluster, whose clients go to other nodes, past the door`,
      ['cache simulate-outage --drill pause, on a server of its own'],
    )
  }
  if (role === 'replica') throw refused('A_REPLICA', `${name} is a replica`, ['name its primary'])
  if (role === null) {
    throw refused('UNKNOWN_ROLE', `${name} does not say whether it is a primary`, [
      'allow INFO to the user that is named: ACL SETUSER NAME +info',
    ])
  }
  if (commands === 'all' && clients === null) {
    throw refused(
      'UNKNOWN_CLIENTS',
      `${name} does not say who its clients are, and Sentinels among them would fail it over`,
      [
        'allow it to the user that is named: ACL SETUSER NAME +client|list',
        '--server-fault pause-writes, which answers their PING',
      ],
    )
  }
  if (commands === 'all' && sentinels > 0) {
    throw refused('WATCHED_BY_SENTINEL', `${sentinels} Sentinels watch ${name}, and would fail it over`, [
      '--server-fault pause-writes, which answers their PING',
    ])
  }
}

function refused(code: string, why: string, ways: string[]): SafetyError {
  return new SafetyError(code, `Refused to pause a server: ${why}.`, ways)
}

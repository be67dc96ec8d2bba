import { SafetyError } from '../../report/errors.js'
import type { TargetReport } from '../../report/keys-report.js'
import type { PurgePlan } from '../../report/purge-report.js'
import type { PlanFile } from './plan-file.js'

const AGAIN = 'make a new plan and review it'

type Place = Pick<TargetReport, 'address' | 'database' | 'fingerprint'>

/** @throws SafetyError for another server or database */
export function requireSamePlace(what: string, before: Place, now: Place): void {
  if (before.fingerprint === now.fingerprint) return
  throw new SafetyError(
    'OTHER_TARGET',
    `${what} is of ${before.address}, db ${before.database}, and this is ${now.address}, db ${now.database}.`,
    [`point REDIS_URL or --url at ${before.address}, db ${before.database}`],
  )
}

/** @throws SafetyError for another server, database or role than the plan was made for, or one started since */
export function requireSameTarget(planned: TargetReport, now: TargetReport): void {
  requireSamePlace('The plan', planned, now)
  if (planned.role !== now.role) {
    const role = (target: TargetReport) => target.role ?? 'of unknown role'
    throw new SafetyError('TARGET_CHANGED', `${now.name} was ${role(planned)} and is ${role(now)} now.`, [
      AGAIN,
    ])
  }
  if (planned.runId !== now.runId) {
    throw new SafetyError(
      'TARGET_CHANGED',
      `${now.name} is not the process that the plan was made for: it was restarted, or another took its place.`,
      [AGAIN],
    )
  }
}

/**
 * @param maxDrift how much the number of keys may differ, in all and on each node, as a share of the planned ones
 * @throws SafetyError when it differs more, or when there are kinds of key that were not there
 */
export function requireSameCounts(planned: PlanFile['plan'], now: PurgePlan, maxDrift: number): void {
  const strange = Object.keys(now.kinds).find((kind) => planned.kinds[kind] === undefined)
  if (strange !== undefined) {
    throw new SafetyError(
      'PLAN_DRIFTED',
      `There are keys of ${strange} now (${number(now.kinds[strange]!)}), and there were none when the plan was made.`,
      [AGAIN],
    )
  }
  requireNear('', planned.keys, now.keys, maxDrift)
  const addresses = new Set([...planned.nodes, ...now.nodes].map(({ address }) => address))
  if (addresses.size <= 1) return
  for (const address of addresses) {
    const keysOf = ({ nodes }: Pick<PurgePlan, 'nodes'>) =>
      nodes.find((node) => node.address === address)?.keys ?? 0
    requireNear(` on ${address}`, keysOf(planned), keysOf(now), maxDrift)
  }
}

/**
 * A purge that goes on takes what is there now, which after a while may be another crowd.
 *
 * @param planned keys that were counted when it began
 * @throws SafetyError when there are more by more than `maxDrift`, as a share
 */
export function requireNotGrown(planned: number, now: PurgePlan, maxDrift: number): void {
  if (!(now.keys > planned * (1 + maxDrift))) return
  throw new SafetyError(
    'PURGE_GREW',
    `The purge counted ${number(planned)} ${planned === 1 ? 'key' : 'keys'} when it began, and there are ${number(now.keys)} now.`,
    ['begin anew with the same command without --resume, and look at its dry run first'],
  )
}

function requireNear(where: string, planned: number, now: number, maxDrift: number): void {
  const drift = Math.abs(now - planned) / Math.max(1, planned)
  if (drift <= maxDrift) return
  throw new SafetyError(
    'PLAN_DRIFTED',
    `The plan counted ${number(planned)} ${planned === 1 ? 'key' : 'keys'}${where} and there are ${number(now)}: ${percent(drift)} more or fewer, ` +
      `and ${percent(maxDrift)} are allowed.`,
    [AGAIN, `or allow it, if the difference is expected: --max-drift ${Math.ceil(drift * 100)}`],
  )
}

function number(count: number): string {
  return count.toLocaleString('en-US')
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`
}

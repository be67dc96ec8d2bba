import { setMaxListeners } from 'node:events'
import { timeLimit } from '../../library/kernel/time-limit.js'
import type { CheckReport, CheckStatus, DoctorReport, FailOn } from '../report/doctor-report.js'
import { CHECK_STATUSES } from '../report/doctor-report.js'
import type { Verdict } from '../report/report.js'
import { isProbe, type Check } from './check.js'
import { impactOf } from './impact.js'
import { openWorld, type WorldOptions } from './open-world.js'
import { missingPrivileges } from './privileges.js'
import { runCheck } from './run-check.js'
import { selectChecks, thresholdsOf, type Selection, type ThresholdOverrides } from './select.js'
import { withoutUntimely } from './untimely.js'
import type { World } from './world.js'

export interface DiagnoseOptions extends Omit<WorldOptions, 'signal'>, Selection {
  failOn: FailOn
  probeWrites: boolean
  thresholds: ThresholdOverrides
  signal: AbortSignal
  /** `begun` once the options are known to be usable. */
  onEvent?(
    event: { type: 'begun' } | { type: 'checked'; id: string; status: CheckStatus; left: number },
  ): void
}

/**
 * Runs the checks side by side, each isolated and under its own deadline, all of them within `timeoutMs`. Reads only,
 * unless `probeWrites`. Resolves to a partial report when the signal aborts.
 *
 * @throws UsageError for unknown ids and client options that cannot be judged; an unreachable server is a finding
 */
export async function diagnose(options: DiagnoseOptions): Promise<DoctorReport> {
  const begun = performance.now()
  const selected = selectChecks(options)
  const threshold = thresholdsOf(options.thresholds)
  const time = timeLimit(options.timeoutMs, options.signal)
  const { signal } = time
  // Every check listens, and every connection: as many as there are, and none for longer than this run.
  setMaxListeners(0, signal)
  const { world, close } = openWorld({ ...options, signal })
  let left = selected.length
  options.onEvent?.({ type: 'begun' })
  try {
    const run = async (check: Check): Promise<CheckReport> => {
      const { probeWrites, onEvent } = options
      const report = await runCheck(check, { world, threshold: threshold(check), probeWrites })
      onEvent?.({ type: 'checked', id: check.id, status: report.status, left: --left })
      return report
    }
    // Probes write keys of ours, which the others would find and count.
    const probes = selected.filter(isProbe)
    const found = await Promise.all(selected.filter((check) => !isProbe(check)).map(run))
    found.push(...(await Promise.all(probes.map(run))))
    const onServer = new Set(
      selected.filter(({ on }) => on === 'server' || on === 'keys').map(({ id }) => id),
    )
    const timed = new Set(selected.filter(({ times }) => times).map(({ id }) => id))
    const inOrder = selected.map(({ id }) => found.find((report) => report.id === id)!)
    const checks = withoutUntimely(inOrder, timed)
    return {
      schema: 'cache.doctor/1',
      command: 'doctor',
      verdict: verdictOf(checks, options.failOn),
      target: targetOf(world),
      impact: await impactOf(world, checks, onServer),
      checks,
      privileges: missingPrivileges(checks, world.cache),
      summary: summaryOf(checks),
      failOn: options.failOn,
      probedWrites: options.probeWrites,
      durationMs: Math.round(performance.now() - begun),
      ...(options.signal.aborted && { interrupted: true as const }),
    }
  } finally {
    time.clear()
    close()
  }
}

/** A failure wins, because it stands whatever else broke; nothing that was judged at all is no pass either. */
function verdictOf(checks: readonly CheckReport[], failOn: FailOn): Verdict {
  const has = (...statuses: CheckStatus[]) => checks.some(({ status }) => statuses.includes(status))
  if (failOn !== 'never' && has('FAIL')) return 'fail'
  if (failOn === 'warn' && has('warn')) return 'fail'
  return has('broken') || !has('ok', 'warn', 'FAIL') ? 'inconclusive' : 'pass'
}

function summaryOf(checks: readonly CheckReport[]): Record<CheckStatus, number> {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length
  return Object.fromEntries(CHECK_STATUSES.map((status) => [status, count(status)])) as Record<
    CheckStatus,
    number
  >
}

function targetOf({ cache: { backend, decidedBy }, environment }: World): DoctorReport['target'] {
  return {
    redis: backend ? hostOf(backend.url, backend.backend === 'redis' ? '6379' : '') : null,
    decidedBy,
    supabase: hostOf(environment['SUPABASE_URL'] ?? '', ''),
  }
}

function hostOf(url: string, defaultPort: string): string | null {
  if (!URL.canParse(url)) return null
  const { hostname, port } = new URL(url)
  const shown = port || defaultPort
  return shown === '' ? hostname : `${hostname || 'localhost'}:${shown}`
}

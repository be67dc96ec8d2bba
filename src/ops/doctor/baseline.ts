import { readFile } from 'node:fs/promises'
import { CHECK_STATUSES, type CheckStatus, type DoctorReport } from '../report/doctor-report.js'
import { UsageError } from '../report/errors.js'

/** What a saved report says about each check. */
export interface Baseline {
  file: string
  target: { redis: string | null; supabase: string | null }
  checks: ReadonlyMap<string, { status: CheckStatus; message: string }>
  /** What was measured, by the id of the check; nothing for those that measured nothing. */
  values: ReadonlyMap<string, number>
}

/** @throws UsageError for a file that is not a whole report of doctor, as `--json` and `--output json=FILE` write it */
export async function readBaseline(file: string): Promise<Baseline> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? 'unreadable'
    throw unusable(file, `it cannot be read (${code})`, cause)
  }
  const report = parsed(text)
  if (report?.['schema'] !== 'cache.doctor/1') throw unusable(file, 'it is no report of cache doctor')
  if (report['interrupted'] === true) throw unusable(file, 'its run was interrupted, so it is partial')
  const { checks } = report
  if (!Array.isArray(checks) || checks.length === 0 || !checks.every(isCheck)) {
    throw unusable(file, 'it has no checks to compare with')
  }
  const target = isRecord(report['target']) ? report['target'] : {}
  return {
    file,
    target: { redis: stringOrNull(target['redis']), supabase: stringOrNull(target['supabase']) },
    checks: new Map(checks.map(({ id, status, message }) => [id, { status, message }])),
    values: new Map(
      checks.flatMap(({ id, value }) => (typeof value === 'number' ? [[id, value] as const] : [])),
    ),
  }
}

/** A sentence for each place that is not the one of the baseline, which makes the comparison one of places. */
export function otherTargets({ target: then }: Baseline, { target: now }: DoctorReport): string[] {
  const places = [
    ['Redis', then.redis, now.redis],
    ['Supabase', then.supabase, now.supabase],
  ] as const
  return places
    .filter(([, was, is]) => was !== is)
    .map(
      ([what, was, is]) => `the baseline is about another ${what}: ${was ?? 'none'}, and now ${is ?? 'none'}`,
    )
}

interface SavedCheck {
  id: string
  status: CheckStatus
  message: string
  value?: unknown
}

function isCheck(value: unknown): value is SavedCheck {
  return (
    isRecord(value) &&
    typeof value['id'] === 'string' &&
    typeof value['message'] === 'string' &&
    CHECK_STATUSES.some((status) => status === value['status'])
  )
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : null
  } catch {
    return null
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function stringOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function unusable(file: string, why: string, cause?: unknown): UsageError {
  return new UsageError(
    'BASELINE_UNUSABLE',
    `${JSON.stringify(file.slice(0, 200))} is no baseline: ${why}.`,
    ['cache doctor --output json=baseline.json'],
    { cause },
  )
}

import type { ServerCheck } from '../../../src/ops/doctor/check.js'
import { diagnose, type DiagnoseOptions } from '../../../src/ops/doctor/diagnose.js'
import type { Finding } from '../../../src/ops/doctor/finding.js'
import { openWorld, type WorldOptions } from '../../../src/ops/doctor/open-world.js'
import { catalogueOf } from '../../../src/ops/keyspace/families.js'
import { sampleKeys } from '../../../src/ops/keyspace/sample-keys.js'
import type { CheckReport, DoctorReport } from '../../../src/ops/report/doctor-report.js'
import { seen } from './seen.js'

const catalogue = catalogueOf()

/** Exactly this environment; time is not the subject. */
export const placeOf = (environment: Record<string, string>): WorldOptions => ({
  environment,
  client: { library: 'transparent-cache', options: {} },
  directory: '/',
  timeoutMs: 20_000,
  pause: () => Promise.resolve(),
  signal: new AbortController().signal,
  sampleKeys: (client, sample) => sampleKeys(client, { catalogue, ...sample }),
})

export async function doctor(
  environment: Record<string, string>,
  options: Partial<DiagnoseOptions> = {},
): Promise<DoctorReport> {
  const report = await diagnose({
    ...placeOf(environment),
    failOn: 'fail',
    probeWrites: false,
    thresholds: {},
    ...options,
  })
  // Whoever is told of trouble is told what to do about it, in every state that a test brings about.
  const without = report.checks.filter(
    ({ status, remediation }) => (status === 'FAIL' || status === 'warn') && remediation.text === '',
  )
  if (without.length > 0)
    throw new Error(`no way out: ${without.map(({ id, message }) => `${id} ${message}`).join('; ')}`)
  return report
}

/** One check by numbers that no project may declare, for what a test cannot bring about. */
export async function judgedBy(
  numbers: { warn: number; fail?: number },
  checked: ServerCheck,
  REDIS_URL: string,
): Promise<Finding> {
  const { world, close } = openWorld(placeOf({ REDIS_URL }))
  try {
    const threshold = { ...checked.threshold, fail: null, ...numbers }
    return seen(checked.id, await checked.run(await world.connect(), world, threshold))
  } finally {
    close()
  }
}

export function check(report: DoctorReport, id: string): CheckReport {
  const found = report.checks.find((each) => each.id === id)
  if (!found) throw new Error(`the report has no ${id}`)
  return seen(id, found)
}

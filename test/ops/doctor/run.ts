import { diagnose, type DiagnoseOptions } from '../../../src/ops/doctor/diagnose.js'
import { catalogueOf } from '../../../src/ops/keyspace/families.js'
import { sampleKeys } from '../../../src/ops/keyspace/sample-keys.js'
import type { CheckReport, DoctorReport } from '../../../src/ops/report/doctor-report.js'

const catalogue = catalogueOf()

/** Doctor on exactly this environment; time is not the subject. */
export function doctor(
  environment: Record<string, string>,
  options: Partial<DiagnoseOptions> = {},
): Promise<DoctorReport> {
  return diagnose({
    environment,
    client: { library: 'transparent-cache', options: {} },
    directory: '/',
    failOn: 'fail',
    probeWrites: false,
    thresholds: {},
    timeoutMs: 20_000,
    pause: () => Promise.resolve(),
    signal: new AbortController().signal,
    sampleKeys: (client, sample) => sampleKeys(client, { catalogue, ...sample }),
    ...options,
  })
}

export function check(report: DoctorReport, id: string): CheckReport {
  const found = report.checks.find((each) => each.id === id)
  if (!found) throw new Error(`the report has no ${id}`)
  return found
}

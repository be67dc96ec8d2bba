import { findFamily } from '../../../src/library/families/families.js'
import { diagnose, type DiagnoseOptions } from '../../../src/ops/doctor/diagnose.js'
import type { SampledKey, SampleKeys } from '../../../src/ops/doctor/key-sample.js'
import type { CheckReport, DoctorReport } from '../../../src/ops/report/doctor-report.js'

const sampleKeys: SampleKeys = async (client) => {
  const all = (await client.send('KEYS', '*')) as string[]
  const keys: SampledKey[] = []
  for (const key of all) {
    const found = findFamily(key)
    if (!found) continue
    const ttl = Number(await client.send('PTTL', key))
    keys.push({
      family: found.family.id,
      declaredSeconds: found.family.ttlSeconds,
      ttlMs: ttl === -1 ? null : ttl,
    })
  }
  return { looked: all.length, complete: true, keys }
}

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
    sampleKeys,
    ...options,
  })
}

export function check(report: DoctorReport, id: string): CheckReport {
  const found = report.checks.find((each) => each.id === id)
  if (!found) throw new Error(`the report has no ${id}`)
  return found
}

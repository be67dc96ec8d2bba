import { hostname, machine, release, type } from 'node:os'
import { RECORDS } from '../config/records.js'
import { writeJsonText } from '../report/writers/json.js'
import type { OutageReport } from '../report/drill-report.js'
import type { LoadReport } from '../report/load-report.js'
import { watchFaultSpans } from './fault-spans.js'
import { pruneRecords } from './prune-records.js'
import { recordOf, type RunFacts } from './record-of.js'
import { writeRecord, type WrittenRecord } from './write-record.js'

export interface RecordsSettings {
  /** @default RECORDS */
  directory?: string | undefined
  /** How many records stay, this one among them; 0 keeps none. */
  keep: number
}

/** Goes along with one run, which begins when this is made. */
export interface Recorder {
  /** What begins now; `before`, `during` and `after` of each drill, or of each run of a load test. */
  phase(name: string): void
  /**
   * Writes the record, and removes those that are too many. The report must be without secrets.
   *
   * @returns null when nothing is to be kept, or nothing was measured
   * @throws EnvironmentError `RECORD_NOT_WRITTEN`
   */
  keep(report: OutageReport | LoadReport): Promise<WrittenRecord | null>
}

export function startRecorder(
  { directory = RECORDS, keep }: RecordsSettings,
  { isWanted = true, now = () => new Date() }: { isWanted?: boolean; now?: () => Date } = {},
): Recorder {
  const startedAt = now()
  const { spans, phase } = watchFaultSpans(now)
  return {
    phase,
    keep: async (report) => {
      const facts: Omit<RunFacts, 'id'> = {
        startedAt: startedAt.toISOString(),
        endedAt: now().toISOString(),
        platform: `${type()}-${release()}-${machine()}`,
        node: hostname(),
        spans,
      }
      if (!isWanted || keep === 0 || recordOf(report, { ...facts, id: '' }) === null) return null
      const written = await writeRecord({
        directory,
        startedAt,
        name: nameOf(report),
        text: (id) => writeJsonText(recordOf(report, { ...facts, id })!),
      })
      // What cannot be removed is too much, and not too little.
      await pruneRecords(directory, keep).catch(() => undefined)
      return written
    },
  }
}

/** A word of the id, by which a person tells it from others. */
function nameOf(report: OutageReport | LoadReport): string {
  if (report.command === 'load-test') return `load-${report.fault}`
  const names = new Set(report.drills.map(({ name }) => name))
  return names.size === 1 ? [...names][0]! : `${names.size}-drills`
}

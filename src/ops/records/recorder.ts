import { hostname, machine, release, type } from 'node:os'
import { RECORDS } from '../config/records.js'
import type { OutageReport } from '../report/drill-report.js'
import type { LoadReport } from '../report/load-report.js'
import { watchFaultSpans, type RunEvent } from './fault-spans.js'
import { pruneRecords } from './prune-records.js'
import { recordOf, type RunFacts } from './record-of.js'
import { recordText } from './record-text.js'
import { writeRecord, type WrittenRecord } from './write-record.js'

export interface RecordsSettings {
  /** @default RECORDS */
  directory?: string | undefined
  /** How many records stay, the newest; this one as well, also where as many began after it. 0 keeps none. */
  keep: number
}

/** Where a run was kept. */
export interface KeptRecord extends WrittenRecord {
  /** What is not in it, and why; absent: all is. */
  warning?: string
}

/** Goes along with one run, which begins when this is made. */
export interface Recorder {
  /** Every event of the run, as it comes. */
  hear(event: RunEvent): void
  /**
   * Writes the record, and removes those that are too many. The report must be without secrets.
   *
   * @returns null when nothing is to be kept, or nothing was measured
   * @throws EnvironmentError `RECORD_NOT_WRITTEN`
   */
  keep(report: OutageReport | LoadReport): Promise<KeptRecord | null>
}

export function startRecorder(
  { directory = RECORDS, keep }: RecordsSettings,
  {
    isWanted = true,
    now = () => new Date(),
    largestBytes,
  }: { isWanted?: boolean; now?: () => Date; largestBytes?: number } = {},
): Recorder {
  const startedAt = now()
  const { spans, hear } = watchFaultSpans(now)
  return {
    hear,
    keep: async (report) => {
      const facts: Omit<RunFacts, 'id'> = {
        startedAt: startedAt.toISOString(),
        endedAt: now().toISOString(),
        platform: `${type()}-${release()}-${machine()}`,
        node: hostname(),
        spans,
      }
      if (!isWanted || keep === 0 || recordOf(report, { ...facts, id: '' }) === null) return null
      let isWithoutHistory = false
      const written = await writeRecord({
        directory,
        startedAt,
        name: nameOf(report),
        text: (id) => {
          const made = recordText(report, (kept) => recordOf(kept, { ...facts, id })!, largestBytes)
          isWithoutHistory = made.isWithoutHistory
          return made.text
        },
      })
      // What cannot be removed is too much, and not too little.
      await pruneRecords(directory, keep, { spare: written.id }).catch(() => undefined)
      return isWithoutHistory ? { ...written, warning: WITHOUT_HISTORY } : written
    },
  }
}

const WITHOUT_HISTORY =
  'The record of this run is without the history of its drills, with which it would be too large to be read again. ' +
  'What was judged is in it; --output json=FILE writes all.'

/** A word of the id, by which a person tells it from others. */
function nameOf(report: OutageReport | LoadReport): string {
  if (report.command === 'load-test') return `load-${report.fault}`
  const names = new Set(report.drills.map(({ name }) => name))
  return names.size === 1 ? [...names][0]! : `${names.size}-drills`
}

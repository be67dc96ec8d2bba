import type { OutageReport } from '../report/drill-report.js'
import type { LoadReport } from '../report/load-report.js'
import type { RunRecord } from '../report/run-record.js'
import { writeJsonText } from '../report/writers/json.js'
import { LARGEST_MIB } from './read-text.js'

export interface RecordText {
  text: string
  /** It has none of the history that the report has: with it, nobody could read it again. */
  isWithoutHistory: boolean
}

/**
 * A record as the text of its file, which `readText` does not refuse for its size.
 *
 * @param recordOf makes the record of the report that it is given
 * @param largestBytes beyond this, the history of each drill is left out
 * @throws Error when it is too large without it as well
 */
export function recordText(
  report: OutageReport | LoadReport,
  recordOf: (report: OutageReport | LoadReport) => RunRecord,
  largestBytes: number = LARGEST_MIB * 1024 * 1024,
): RecordText {
  const whole = textWithin(recordOf(report), largestBytes)
  if (whole !== null) return { text: whole, isWithoutHistory: false }
  const text = hasHistory(report) ? textWithin(recordOf(withoutHistory(report)), largestBytes) : null
  if (text === null) throw new Error('it is too large to be read again')
  return { text, isWithoutHistory: true }
}

/** Null: there is no string so long, or nobody would read it. */
function textWithin(record: RunRecord, largestBytes: number): string | null {
  try {
    const text = writeJsonText(record)
    return Buffer.byteLength(text) > largestBytes ? null : text
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function hasHistory(report: OutageReport | LoadReport): report is OutageReport {
  return report.command === 'simulate-outage' && report.drills.some(({ history }) => history !== undefined)
}

function withoutHistory(report: OutageReport): OutageReport {
  return { ...report, drills: report.drills.map(({ history: _history, ...drill }) => drill) }
}

import type { Report } from '../report.js'

/** The report as one JSON document, indented, ending in a newline. */
export function writeJson(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`
}

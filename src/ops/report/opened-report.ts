import type { Report } from './report.js'

/** A run that was made a page of. */
export interface OpenedReport extends Report {
  command: 'report open'
  id: string
  /** The page, an absolute path. */
  file: string
  /** Whether a browser was asked to show it. */
  opened: boolean
}

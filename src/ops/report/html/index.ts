import type { OutageReport } from '../drill-report.js'
import type { LoadReport } from '../load-report.js'
import type { Page, PageOrigin } from './page.js'
import { loadPage } from './pages/load-page.js'
import { outagePage } from './pages/outage-page.js'

/** A report, of today or saved, as a page. */
export function pageOf(report: OutageReport | LoadReport, origin?: PageOrigin): Page {
  return report.command === 'simulate-outage' ? outagePage(report, origin) : loadPage(report, origin)
}
export { comparedDrillsPage, comparedLoadsPage } from './pages/compared-page.js'

import type { OutageReport } from '../ops/report/drill-report.js'
import type { PageOrigin } from '../ops/report/html/page.js'
import type { LoadReport } from '../ops/report/load-report.js'
import type { PageMaker } from './delivery.js'

/** How a run becomes a page: what draws it is loaded once somebody wants one. */
export function pageOfRun(origin: PageOrigin): () => Promise<PageMaker<OutageReport | LoadReport>> {
  return async () => {
    const { pageOf } = await import('../ops/report/html/index.js')
    return { pageOf: (report) => pageOf(report, origin) }
  }
}

/** Of a run that this process makes, from now on: when it is over is known once it is asked for. */
export function beginRun(version: string): PageOrigin {
  const startedAt = new Date().toISOString()
  return {
    startedAt,
    get endedAt() {
      return new Date().toISOString()
    },
    tool: `transparent-cache ${version}, Node ${process.version}, ${process.platform} ${process.arch}`,
  }
}

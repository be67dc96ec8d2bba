import type { LoadReport } from '../report/load-report.js'
import { decodeHistogram } from './histogram.js'

/** The percentile distributions of the phases and transitions as HdrHistogram prints them; none of those without an answer. */
export function hgrmFiles({ phases, transitions = [] }: Pick<LoadReport, 'phases' | 'transitions'>) {
  return [...phases, ...transitions].flatMap(({ name, histogram }) => {
    if (histogram === '') return []
    const latency = decodeHistogram(histogram)
    return latency.count === 0 ? [] : [{ name: `${name}.hgrm`, text: latency.hgrm() }]
  })
}

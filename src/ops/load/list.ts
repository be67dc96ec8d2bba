import { subjects } from '../experiment/subjects/index.js'
import type { LoadListReport, Named } from '../report/load-report.js'
import { loadFaults } from './faults.js'
import { METRIC_NAMES, METRICS } from './slo/metrics.js'

/** Everything that a run can name. */
export function listOf(): LoadListReport {
  return {
    schema: 'cache.load-test.list/1',
    command: 'load-test',
    verdict: 'pass',
    faults: loadFaults.map(short),
    subjects: subjects.map(short),
    metrics: METRIC_NAMES.map((name) => ({ name, summary: METRICS[name].summary })),
  }
}

function short({ name, summary }: Named): Named {
  return { name, summary }
}

import type { LoadMoments } from '../../report/load-report.js'
import type { MomentMetric } from './metric.js'
import { samplesFor } from './samples.js'

/** What is slow is told by the p99 of `before`, which takes as many operations as any. */
const NEEDS = samplesFor(0.99)

function moment(
  phase: MomentMetric['phase'],
  summary: string,
  value: (moments: LoadMoments) => number | null,
  more: Partial<MomentMetric> = {},
): MomentMetric {
  return {
    kind: 'moment',
    phase,
    summary,
    dimension: 'time',
    of: 'operations',
    needs: 1,
    absent: '',
    value: (moments) => value(moments) ?? Infinity,
    ...more,
  }
}

/** What is told once of a run with a fault, each in the phase to which it belongs. */
export const MOMENT_METRICS = {
  first_slow: moment(
    'during',
    'from the fault to the first slow operation',
    ({ firstSlowMs }) => firstSlowMs,
    { needs: NEEDS },
  ),
  fallback: moment(
    'during',
    'from the fault to the first answer of the source in place of the cache',
    ({ fallbackMs }) => fallbackMs,
    { sees: 'hits' },
  ),
  detect: moment(
    'during',
    'from the fault to the first sign that an operator could see',
    ({ detectedMs }) => detectedMs,
    { sees: 'signs' },
  ),
  waited: moment(
    'during',
    'what callers waited since the fault beyond the p99 of before, all together',
    () => null,
    {
      needs: NEEDS,
      value: ({ waitedSeconds }) => (waitedSeconds === null ? NaN : waitedSeconds * 1000),
      absent: 'the p99 of before is endless',
    },
  ),
  recover: moment('after', 'from the heal until all was well', ({ recoveredMs }) => recoveredMs, {
    sees: 'recovery',
  }),
  herd: moment('after', '', () => null, {
    summary: 'reads of the source in the worst second of after, over those in a second of before',
    dimension: 'number',
    sees: 'loads',
    value: ({ herdFactor }) => herdFactor ?? NaN,
    absent: 'the source was not asked in before',
  }),
} satisfies Record<string, MomentMetric>

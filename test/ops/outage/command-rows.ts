import type { Measurement } from '../../../src/ops/experiment/measurement.js'
import type { ClauseRow } from './clause-row.js'
import { goodMeasurement } from './measurements.js'

// 40 reads and 40 checks a second, for 1, 3 and 6 s: 80, 240 and 480 in all.
const usual = { before: 80, during: 240, after: 480 }
const sent = (changed: Partial<typeof usual>, more: Partial<Measurement> = {}) =>
  goodMeasurement({ commands: { ...usual, ...changed }, ...more })

const row = (when: string, measurement: Measurement, says?: RegExp): ClauseRow => ({
  clause: 'C6',
  when,
  measurement,
  result: says ? 'fail' : 'pass',
  ...(says && { says }),
})

/** How much each operation costs the backend. */
export const commandRows: ClauseRow[] = [
  row('each operation and check is one command', sent({})),
  row('the connections are made anew, four times a second, with five commands each', sent({ during: 60 })),
  row(
    'it is asked by PING all the time whether it is there',
    sent({ during: 6000 }),
    /25\.0 commands .* `during`/,
  ),
  row('it is, and goes on when it is back', sent({ after: 12_000 }), /25\.0 commands for each .* `after`/),
  row('it is over REST', sent({ during: 6000 }, { overRest: true }), /25\.0 requests for each/),
  row(
    'a request to an app takes ten, outage or not',
    sent({ before: 800, during: 2400, after: 4800 }, { isAlone: true }),
  ),
  row(
    'a request to an app takes ten, and retries in the outage',
    sent({ before: 800, during: 7200 }, { isAlone: true }),
    /30\.0 commands/,
  ),
  row(
    'a cache takes ten for each operation, outage or not',
    sent({ before: 800 }),
    /10\.0 commands .* `before`/,
  ),
]

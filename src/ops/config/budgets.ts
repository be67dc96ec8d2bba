import { z } from 'zod'
import { duration, number, wholeNumber } from './fields.js'

/** What drills are judged against, where a service promises something else; what is left out stays as it is. */
export const budgets = z.strictObject({
  p99: duration(1, 60_000)
    .optional()
    .describe('C3: 99 % of the operations of every phase settle within this.'),
  worst: duration(1, 60_000).optional().describe('C3: no operation takes longer.'),
  detect: duration(1, 60_000).optional().describe('C10: the outage shows within this.'),
  recover: duration(1, 60_000).optional().describe('C8: the first hit comes within this after the heal.'),
  stale: duration(1, 60_000).optional().describe('C9: after this no other process answers stale.'),
  loadsPerRead: number(0, 1000).optional().describe('C7: reads of the source for each read asked for.'),
  peakLoadsPerRead: number(0, 1000)
    .optional()
    .describe('C7: reads of the source in the worst second, for each read asked for in the busiest one.'),
  inFlight: duration(1, 60_000)
    .optional()
    .describe('C6: no more operations are in flight than are due in this long, and 100.'),
  memoryGrowth: wholeNumber(1, 1_000_000).optional().describe('C6: MiB by which the process may grow.'),
  socketGrowth: wholeNumber(0, 1_000_000).optional().describe('C6: connections more than before the fault.'),
  printedBytesPerOperation: number(0, 1_000_000)
    .optional()
    .describe('C6: what is printed during the fault, in bytes for each operation due in it.'),
  commandsPerOperation: number(0, 10_000)
    .optional()
    .describe('C6: commands to the backend for each operation; of an app, more than before the fault.'),
  hitRatioShare: number(0, 1).optional().describe('C8: hit ratio afterwards, as a share of the one before.'),
})

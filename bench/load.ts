import { benchMemory } from './load/memory.js'
import { benchPercentiles } from './load/percentiles.js'
import { benchScheduling } from './load/scheduling.js'
import { benchThroughput } from './load/throughput.js'

/** What can be relied on in a load test: when it begins things, how many it can, and what it says of them. */
export async function benchLoad(): Promise<void> {
  await benchScheduling()
  await benchThroughput()
  await benchMemory()
  await benchPercentiles()
}

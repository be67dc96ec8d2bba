import type { Command } from '../../../src/library/backends/operator.js'

/** A script that keeps the server busy for so long. */
export const busy = (ms: number): Command => [
  'EVAL',
  `local function now() local time = redis.call('TIME') return time[1] * 1e6 + time[2] end
   local last = now() + ${ms * 1000}
   while now() < last do end`,
  0,
]
/** As many commands, one for each number. */
export const times = (count: number, command: (index: number) => Command): Command[] =>
  Array.from({ length: count }, (_, index) => command(index))

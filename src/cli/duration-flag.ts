import { Flags } from '@oclif/core'
import { parseDuration } from '../ops/config/duration.js'
import { formatDuration } from '../ops/report/format.js'

/** A flag that takes `2s`, `500ms` or `1m` and gives milliseconds. */
export const durationFlag = Flags.custom<number, { minMs: number; maxMs: number }>({
  helpValue: 'TIME',
  parse: (text, _context, { minMs, maxMs }) => {
    const ms = parseDuration(text)
    if (ms !== null && ms >= minMs && ms <= maxMs) return Promise.resolve(ms)
    throw new Error(
      `'${text}' is not a time from ${formatDuration(minMs)} to ${formatDuration(maxMs)}, such as 2s or 500ms`,
    )
  },
})

import { z } from 'zod'
import { wholeNumber } from './fields.js'

/** Below the directory that a command runs in, unless the settings name another place. */
export const RECORDS = '.cache/records'

/** Settings of what runs leave behind. */
export const records = z.strictObject({
  directory: z
    .string()
    .min(1)
    .optional()
    .describe(`Where runs are kept; left out: ${RECORDS}, from here on.`),
  keep: wholeNumber(0, 10_000).default(50).describe('How many are kept, the newest; 0 keeps none.'),
})

import { z } from 'zod'
import { duration, wholeNumber } from '../fields.js'

const status = z
  .union([z.string(), z.number()])
  .describe('A status such as 200 or 2xx, or several with commas.')
const request = z.string().describe('Method and path, such as GET /api/session. {name} is a value.')
const headers = z.record(z.string().min(1), z.string()).optional()
const body = z.string().optional().describe('As it is sent. {name} is a value.')
/** What all that is asked has in common. */
export const asked = {
  request,
  headers,
  body,
  expect: status.optional(),
  contains: z.string().optional().describe('Text that the body of the answer contains.'),
}
const place = z
  .union(
    [
      z.strictObject({ json: z.string().describe('Path in the JSON of the answer, such as user.version.') }),
      z.strictObject({
        match: z.string().describe('Pattern over the body, whose first group is the value.'),
      }),
      z.strictObject({ header: z.string().min(1) }),
    ],
    { error: 'is none of {json: path}, {match: pattern} and {header: name}' },
  )
  .describe('Where a value stands in an answer.')

/** What `--probes` takes. */
export const probesSchema = z.strictObject({
  $schema: z.string().optional().describe('Where editors find the schema of this file.'),
  setup: z
    .array(z.strictObject({ ...asked, capture: z.record(z.string().regex(/^\w+$/), place).default({}) }))
    .default([])
    .describe(
      'Asked once when the app is ready, in this order; what they capture serves all others as {name}.',
    ),
  probes: z
    .array(z.union([z.string(), z.strictObject(asked)]))
    .default([])
    .describe('Asked in turn, at the rate.'),
  read: z
    .strictObject({ ...asked, version: place, denied: status.default('404') })
    .optional()
    .describe('Reads {key} through the app and tells its version (C2, and with revoke C9).'),
  write: z.strictObject(asked).optional().describe('Makes {version} the version of {key}.'),
  revoke: z.strictObject(asked).optional().describe('Takes {key} away, so that a read of it is denied.'),
  limit: z
    .strictObject({
      ...asked,
      name: z.string().min(1).default('limit'),
      limit: wholeNumber(1, 100_000).describe('Requests within any window.'),
      window: duration(100, 3_600_000),
      onUnavailable: z.enum(['allow', 'deny']).describe('What becomes of requests that cannot be counted.'),
    })
    .optional()
    .describe('Is asked twice as often as the limiter allows; 429 means denied (C4).'),
})

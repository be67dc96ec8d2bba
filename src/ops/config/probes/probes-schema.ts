import { z } from 'zod'
import { duration, wholeNumber } from '../fields.js'
import { KEY_TRAFFIC } from './probe.js'

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
const HEAVIEST = 1000
const weight = z
  .number()
  .positive({ error: 'is not more than 0' })
  .max(HEAVIEST, { error: `is more than ${HEAVIEST}` })
/** How often `load-test` asks for it. */
const weighed = {
  weight: weight.default(1).describe('load-test: how often, relative to the others. A drill asks in turn.'),
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
    .array(z.union([z.string(), z.strictObject({ ...asked, ...weighed })]))
    .default([])
    .describe('Asked in turn, at the rate.'),
  read: z
    .strictObject({
      ...asked,
      version: place,
      denied: status.default('404'),
      same: place
        .optional()
        .describe('What is the same whenever the same version is answered, from the cache or not (C2).'),
    })
    .optional()
    .describe('Reads {key} through the app and tells its version (C2, and with revoke C9).'),
  stranger: z
    .strictObject({ ...asked, denied: status.default('403,404') })
    .optional()
    .describe(
      'Reads {key} as somebody with whom it is not shared; whatever else he is answered is wrong (C2).',
    ),
  write: z.strictObject(asked).optional().describe('Makes {version} the version of {key}.'),
  revoke: z.strictObject(asked).optional().describe('Takes {key} away, so that a read of it is denied.'),
  keys: z
    .strictObject({
      weight: weight
        .default(KEY_TRAFFIC.weight)
        .describe('Of reads and writes together, relative to probes.'),
      count: wholeNumber(1, 100_000).default(KEY_TRAFFIC.count),
      skew: z
        .number()
        .min(0)
        .max(5)
        .default(KEY_TRAFFIC.skew)
        .describe("Exponent of Zipf's law; 0: all equally often."),
      writes: z
        .number()
        .min(0)
        .max(1)
        .default(KEY_TRAFFIC.writes)
        .describe('Share of the writes, where write is declared.'),
    })
    .optional()
    .describe('load-test: what reads and writes of keys are like.'),
  limit: z
    .strictObject({
      ...asked,
      ...weighed,
      name: z.string().min(1).default('limit'),
      limit: wholeNumber(1, 100_000).describe('Requests within any window.'),
      window: duration(100, 3_600_000),
      onUnavailable: z.enum(['allow', 'deny']).describe('What becomes of requests that cannot be counted.'),
    })
    .optional()
    .describe('Is asked twice as often as the limiter allows; 429 means denied (C4).'),
})

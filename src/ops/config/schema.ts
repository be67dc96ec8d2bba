import { z } from 'zod'
import { audit } from './audit.js'
import { budgets } from './budgets.js'
import { environment, limiter, threshold } from './declared.js'
import { families } from './families.js'
import { duration, wholeNumber } from './fields.js'
import { loadTest } from './load-test.js'
import { records } from './records.js'

const subject = z.string().min(1).default('library')
const seed = wholeNumber(0, 4_294_967_295).default(1).describe('Same seed, same traffic.')
const rate = wholeNumber(1, 2000).default(200).describe('Operations per second.')
const phase = (usual: string, what: string) => duration(500, 600_000).prefault(usual).describe(what)

const outage = z.strictObject({
  subject: subject.describe('What is drilled.'),
  seed,
  rate,
  before: phase('2s', 'Traffic before Redis is away.'),
  during: phase('6s', 'How long Redis is away.'),
  after: phase('6s', 'Traffic after it is back.'),
  budgets: budgets.prefault({}),
})

const NO_SHARE = 'is not a share from 0 to 1, such as 0.92'

const doctor = z.strictObject({
  timeout: duration(1000, 60_000).prefault('10s').describe('For all checks together.'),
  client: z
    .strictObject({
      library: z
        .enum(['ioredis@5', 'ioredis@6', 'upstash', 'transparent-cache'])
        .optional()
        .describe("The application's own client; what is judged is how long one of its calls may wait."),
      options: z
        .record(z.string().min(1), z.union([z.string(), z.number(), z.boolean(), z.null()]))
        .default({})
        .describe('The options it is made with, such as commandTimeout: 100.'),
      callsPerRequest: wholeNumber(1, 1000)
        .optional()
        .describe('Calls of cache and limiters that a request waits for, one after the other.'),
    })
    .prefault({}),
  hitRatio: z
    .number({ error: 'is not a number' })
    .min(0, { error: NO_SHARE })
    .max(1, { error: NO_SHARE })
    .optional()
    .describe(
      'Share of reads that the cache answers on a usual day, such as 0.92: what an outage adds is told by it.',
    ),
  upstash: z
    .strictObject({
      commandsPerDay: wholeNumber(1, 1_000_000_000_000)
        .optional()
        .describe('Commands that the plan includes in a day.'),
      commandsPerMonth: wholeNumber(1, 1_000_000_000_000)
        .optional()
        .describe('Commands that the plan includes in a month, such as 500000.'),
    })
    .prefault({}),
  thresholds: z
    .record(z.string().min(1), threshold)
    .default({})
    .describe('When a check warns and fails, by its id, such as LAT-001, in its unit.'),
})

/** Every setting of the project file, with its default. A setting's path is also its `CACHE_…` variable. */
export const schema = z.strictObject({
  $schema: z.string().optional().describe('Where editors find the schema of this file.'),
  outage: outage.prefault({}).describe('cache simulate-outage'),
  audit: audit.prefault({}).describe('cache audit'),
  load: loadTest.prefault({}).describe('cache load-test'),
  doctor: doctor.prefault({}).describe('cache doctor'),
  records: records.prefault({}).describe('What simulate-outage and load-test leave behind; cache report'),
  environments: z
    .record(z.string().min(1), environment)
    .default({})
    .describe('Places that Redis runs in, by name. A host that is in none of them counts as production.'),
  families: families
    .default({})
    .describe('Kinds of key that the application has besides those of the library, by name.'),
  limiters: z.record(z.string().min(1), limiter).default({}).describe("The application's limiters, by name."),
})

export type Settings = z.output<typeof schema>

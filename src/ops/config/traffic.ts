import { z } from 'zod'
import { duration, number, wholeNumber } from './fields.js'

const MAX_KEYS = 100_000
/** All values are in the sandbox's Redis at once, and in the memory of the source of truth. */
const MAX_STORED_BYTES = 256 * 1024 * 1024

const skew = number(0, 2)
  .default(0.99)
  .describe('Exponent of Zipf: 0 asks for all equally often, 0.99 for a few most of the time.')

const share = number(0, 1000)

const mix = z
  .strictObject({
    read: share.default(90).describe('Reads through the cache.'),
    put: share.default(5).describe('Changes that store the new value.'),
    invalidate: share.default(5).describe('Changes that invalidate it.'),
  })
  .refine(({ read, put, invalidate }) => read + put + invalidate > 0, { error: 'is nothing at all' })

const family = z.strictObject({
  weight: number(0.001, 1000).default(1).describe('How much is asked of it, relative to the others.'),
  keys: wholeNumber(1, MAX_KEYS).default(250).describe('How many keys there are.'),
  skew,
  mix: mix.prefault({}).describe('What is asked, in relative weights.'),
  bytes: z
    .array(wholeNumber(64, 1_048_576), { error: 'is no list of sizes' })
    .min(1, { error: 'is empty' })
    .max(16, { error: 'has more than 16 sizes' })
    .default([200, 1000, 4000])
    .describe('Sizes of values as JSON; each key has one of them.'),
  ttl: wholeNumber(1, 31_536_000)
    .nullable()
    .optional()
    .describe('Seconds that set is given; null: none. Left out: what the family declares.'),
})

/** The library's families, most of it conversations. */
const USUAL = {
  'auth.validation': { weight: 3, keys: 300 },
  conv: { weight: 5, keys: 500 },
  'llm.policy': { weight: 1, keys: 100 },
  'conv-config': { weight: 1, keys: 100 },
}

const families = z.record(z.string().min(1), family).superRefine((declared, context) => {
  const all = Object.values(declared)
  const keys = all.reduce((sum, each) => sum + each.keys, 0)
  const bytes = all.reduce((sum, each) => sum + each.keys * mean(each.bytes), 0)
  const refuse = (message: string) => context.addIssue({ code: 'custom', message })
  if (all.length === 0) refuse('names no family; leave it out for those of the library')
  if (keys > MAX_KEYS) refuse(`has ${keys} keys in all, and at most ${MAX_KEYS} are made`)
  if (bytes > MAX_STORED_BYTES)
    refuse(`stores ${Math.round(bytes / 1024 / 1024)} MiB in all, and at most 256 MiB are made`)
})

/** What the traffic of a load test on a cache is made of. An app is asked what its probes say. */
export const traffic = z.strictObject({
  families: families.prefault(USUAL).describe('Families that are asked for, by name, in place of the usual.'),
  limiter: z
    .strictObject({
      share: number(0, 1).default(0.1).describe('Of all operations, where the subject has limiters.'),
      identifiers: wholeNumber(1, 10_000).default(100).describe('How many callers there are.'),
      skew,
    })
    .prefault({}),
  source: z
    .strictObject({
      latency: duration(0, 10_000)
        .prefault('2ms')
        .describe('What one read of the source takes, plus or minus half of it.'),
      connections: wholeNumber(1, 1000)
        .default(50)
        .describe('How many it answers at the same time; others wait.'),
    })
    .prefault({}),
})

function mean(sizes: readonly number[]): number {
  return sizes.reduce((sum, size) => sum + size, 0) / sizes.length
}

import { z } from 'zod'
import { parseDuration } from './duration.js'

const duration = (minMs: number, maxMs: number) =>
  z.string().transform((text, context) => {
    const ms = parseDuration(text)
    if (ms !== null && ms >= minMs && ms <= maxMs) return ms
    context.addIssue({
      code: 'custom',
      message: `is not a duration from ${shortest(minMs)} to ${maxMs / 1000}s, such as 2s`,
    })
    return z.NEVER
  })

const shortest = (ms: number) => (ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`)

const wholeNumber = (min: number, max: number) =>
  z.coerce
    .number({ error: 'is not a number' })
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, {
      message: `is not a whole number from ${min} to ${max}`,
    })

/** A place that Redis runs in. Hosts that are in none of them count as production. */
const environment = z.strictObject({
  /** `host` or `host:port`. */
  hosts: z.array(z.string().min(1)).min(1),
  production: z.boolean().default(true),
})

/** When a check warns and fails, in the unit of the check; what is left out stays as it is. */
const threshold = z.strictObject({ warn: z.number().optional(), fail: z.number().optional() })

/** Every setting of the project file, with its default. A setting's path is also its `CACHE_…` variable. */
export const schema = z.strictObject({
  outage: z
    .strictObject({
      /** What is drilled. */
      subject: z.string().min(1).default('library'),
      /** Same seed, same traffic. */
      seed: wholeNumber(0, 4_294_967_295).default(1),
      /** Operations per second. */
      rate: wholeNumber(1, 2000).default(200),
      before: duration(500, 600_000).default(2000),
      during: duration(500, 600_000).default(6000),
      after: duration(500, 600_000).default(6000),
    })
    .prefault({}),
  audit: z
    .strictObject({
      /** The least severity that fails. */
      failOn: z.enum(['error', 'warn', 'never'], { error: 'is not error, warn or never' }).default('error'),
    })
    .prefault({}),
  load: z
    .strictObject({
      /** What is put under load. */
      subject: z.string().min(1).default('library'),
      /** What happens to Redis in `during`. */
      fault: z.string().min(1).default('none'),
      /** Same seed, same traffic. */
      seed: wholeNumber(0, 4_294_967_295).default(1),
      /** Operations per second. */
      rate: wholeNumber(1, 2000).default(200),
      before: duration(500, 600_000).default(5000),
      during: duration(500, 600_000).default(10_000),
      after: duration(500, 600_000).default(10_000),
      /** Promises, as `--slo` takes them. In the variable a `;` is between two. */
      slo: z
        .union(
          [
            z.array(z.string()),
            z.string().transform((text) => text.split(';').filter((slo) => slo.trim() !== '')),
          ],
          { error: 'is not a list of SLOs' },
        )
        .default([]),
      /** Operations that start later than this (p99) measure this machine, and nothing is concluded. */
      lateness: duration(1, 10_000).default(25),
    })
    .prefault({}),
  doctor: z
    .strictObject({
      /** For all checks together. */
      timeout: duration(1000, 60_000).default(10_000),
      /** How the application's own client is set up; what is judged is how long one of its calls may wait. */
      client: z
        .strictObject({
          library: z.enum(['ioredis@5', 'ioredis@6', 'upstash', 'transparent-cache']).optional(),
          options: z
            .record(z.string().min(1), z.union([z.string(), z.number(), z.boolean(), z.null()]))
            .default({}),
        })
        .prefault({}),
      /** By the id of a check, such as `LAT-001`. */
      thresholds: z.record(z.string().min(1), threshold).default({}),
    })
    .prefault({}),
  environments: z.record(z.string().min(1), environment).default({}),
})

export type Settings = z.output<typeof schema>

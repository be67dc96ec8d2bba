import { z } from 'zod'
import { NO_ALLOWANCE, parseAllowance } from './allowance.js'
import { duration, wholeNumber } from './fields.js'
import { traffic } from './traffic.js'

const phase = (usual: string, what: string) => duration(500, 600_000).prefault(usual).describe(what)

export const ARRIVALS = ['constant', 'poisson', 'burst', 'ramp'] as const
export const MOST_RATE = 20_000
export const MOST_REPEATS = 9

/** Settings of `cache load-test`. */
export const loadTest = z.strictObject({
  subject: z.string().min(1).default('library').describe('What is put under load.'),
  fault: z.string().min(1).default('none').describe('What happens to Redis in `during`.'),
  seed: wholeNumber(0, 4_294_967_295).default(1).describe('Same seed, same traffic.'),
  rate: wholeNumber(1, MOST_RATE).default(200).describe('Operations per second; of an app 50.'),
  arrivals: z
    .enum(ARRIVALS, { error: `is none of ${ARRIVALS.join(', ')}` })
    .default('constant')
    .describe('How they are spread; ramp reaches the rate when `before` ends.'),
  before: phase('5s', 'Traffic before the fault.'),
  during: phase('10s', 'How long the fault lasts.'),
  after: phase('10s', 'Traffic after it is lifted.'),
  transition: duration(250, 60_000)
    .prefault('2s')
    .describe('How long things may change after the fault and after the heal: onset and recovery.'),
  slo: z
    .union(
      [
        z.array(z.string()),
        z.string().transform((text) => text.split(';').filter((slo) => slo.trim() !== '')),
      ],
      { error: 'is not a list of SLOs' },
    )
    .default([])
    .describe('Promises, as --slo takes them. In the variable a ; is between two.'),
  baseline: z
    .string()
    .min(1)
    .optional()
    .describe('JSON report of an earlier run, which this one must not be worse than.'),
  allow: z
    .string({ error: NO_ALLOWANCE })
    .transform((text, context) => {
      const allowance = parseAllowance(text)
      if (allowance !== null) return allowance
      context.addIssue({ code: 'custom', message: NO_ALLOWANCE })
      return z.NEVER
    })
    .prefault('1.3x,5ms')
    .describe('How much worse it may be: times as much, or by that time, whichever is more.'),
  repeat: wholeNumber(1, MOST_REPEATS).default(1).describe('How often it is run, each time afresh.'),
  quorum: wholeNumber(1, MOST_REPEATS)
    .optional()
    .describe('In how many runs an SLO must hold; left out: in more than half.'),
  lateness: duration(1, 10_000)
    .prefault('5ms')
    .describe('Operations that start later than this (p99) measure this machine; nothing is concluded.'),
  traffic: traffic.prefault({}),
})

import { z } from 'zod'
import { budgets } from './budgets.js'
import { duration, wholeNumber } from './fields.js'

const step = z.strictObject({
  fault: z.string().min(1).describe('Its name, as `cache simulate-outage --list` tells it.'),
  at: duration(0, 600_000).prefault('0s').describe('When it begins, from the beginning of the first one.'),
  for: duration(200, 600_000).describe('How long it lasts.'),
  only: z
    .array(z.string().min(1), { error: 'is not a list of commands' })
    .min(1, 'has no command in it')
    .optional()
    .describe('Commands of Redis that it touches, such as [GET, SET]. Default: all that it would touch.'),
  family: z
    .string()
    .min(1)
    .optional()
    .describe('Family, or beginning with its colon, of the keys that it touches. Default: all keys.'),
  probability: z.coerce
    .number({ error: 'is not a number' })
    .refine((value) => value > 0 && value <= 1, { message: 'is not a share above 0 and at most 1' })
    .meta({ type: 'number', exclusiveMinimum: 0, maximum: 1 })
    .optional()
    .describe('Share of the commands or requests that it touches. Default: all of them.'),
})

/** A scenario as it is written: several faults on a time line, the traffic, and what is asked of the subject. */
export const scenarioSchema = z.strictObject({
  $schema: z.string().optional().describe('Where editors find the schema of this file.'),
  name: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'is not in kebab-case, such as database-slow')
    .describe("The drill's name, in kebab-case."),
  summary: z.string().min(1).max(200).describe('What happens, in one sentence.'),
  subject: z
    .string()
    .min(1)
    .optional()
    .describe('What is drilled, unless --subject says it. Default: library.'),
  seed: wholeNumber(0, 4_294_967_295).optional().describe('Same seed, same traffic. Default: 1.'),
  rate: wholeNumber(1, 2000).optional().describe('Operations per second. Default: 200, of stores 50.'),
  before: duration(500, 60_000).prefault('2s').describe('Traffic before the first fault.'),
  after: duration(500, 600_000).prefault('6s').describe('Traffic after the last one.'),
  faults: z
    .array(step, { error: 'is not a list of faults' })
    .min(1, 'has no fault in it')
    .max(20, 'has more than 20 faults in it')
    .describe('What fails, and when.'),
  budgets: budgets.prefault({}).describe('What it is judged against, over those of the project file.'),
})

export type Scenario = z.output<typeof scenarioSchema>

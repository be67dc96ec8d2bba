import { z } from 'zod'
import { wholeNumber } from './fields.js'

const level = z.enum(['off', 'warn', 'error'], { error: 'is not off, warn or error' })
const levels = z.record(z.string().min(1), level)

/** A list, or in a variable names with commas between them. */
const list = (what: string) =>
  z
    .union(
      [
        z.array(z.string().min(1)),
        z.string().transform((text) =>
          text
            .split(',')
            .map((each) => each.trim())
            .filter((each) => each !== ''),
        ),
      ],
      { error: `is not a list of ${what}` },
    )
    .default([])

/** Settings of `cache audit`. */
export const audit = z.strictObject({
  failOn: z
    .enum(['error', 'warn', 'never'], { error: 'is not error, warn or never' })
    .default('error')
    .describe('The least severity that fails.'),
  maxWarnings: wholeNumber(0, 1_000_000)
    .optional()
    .describe('More warnings than this fail too; left out: any number may be there.'),
  baseline: z
    .string()
    .min(1)
    .optional()
    .describe('File of the findings that are known, which never fail; relative to this file.'),
  ignore: list('patterns').describe('Files that are not judged, such as legacy/**, relative to this file.'),
  sanctioned: list('names').describe(
    'Functions, classes and variables whose findings are accepted: code inside of one, or that calls or makes one.',
  ),
  rules: levels.default({}).describe('What a rule weighs, by its id, such as R8: error.'),
  overrides: z
    .array(
      z.strictObject({
        paths: z.array(z.string().min(1)).min(1).describe('Patterns, relative to this file.'),
        rules: levels.describe('What rules weigh there.'),
      }),
      { error: 'is not a list of overrides' },
    )
    .default([])
    .describe('What rules weigh in some files; of several that match, the last one counts.'),
})

import { z } from 'zod'
import { parseDuration } from './duration.js'

/** A duration such as `2s`; milliseconds once it is read. */
export const duration = (minMs: number, maxMs: number) => {
  const message = `is not a duration from ${shortest(minMs)} to ${maxMs / 1000}s, such as 2s`
  return z
    .string({ error: message })
    .meta({ pattern: String.raw`^\d+(\.\d+)?(ms|s|m|h)$`, examples: ['500ms', '2s'] })
    .transform((text, context) => {
      const ms = parseDuration(text)
      if (ms !== null && ms >= minMs && ms <= maxMs) return ms
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    })
}

const shortest = (ms: number) => (ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`)

export const wholeNumber = (min: number, max: number) =>
  z.coerce
    .number({ error: 'is not a number' })
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, {
      message: `is not a whole number from ${min} to ${max}`,
    })
    .meta({ type: 'integer', minimum: min, maximum: max })

/** A number of which more is worse, or a share. */
export const number = (min: number, max: number) =>
  z.coerce
    .number({ error: 'is not a number' })
    .refine((value) => value >= min && value <= max, { message: `is not a number from ${min} to ${max}` })
    .meta({ type: 'number', minimum: min, maximum: max })

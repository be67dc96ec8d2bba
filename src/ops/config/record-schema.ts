import { z } from 'zod'

const time = z.iso.datetime({ error: 'is no time in UTC, such as 2026-11-29T02:10:33.000Z' })

/** What is read of a record besides its report: the journal is for other tools. */
export const recordSchema = z.object({
  schema: z.literal('cache.record/1'),
  id: z
    .string({ error: 'is no text' })
    .regex(/^\d{8}T\d{6}Z-[a-z0-9-]{1,40}-[0-9a-f]{6}$/, 'is no id of a record'),
  start: time,
  end: time,
})

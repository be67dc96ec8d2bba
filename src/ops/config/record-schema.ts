import { z } from 'zod'
import { RECORD_ID } from './record-id.js'

const time = z.iso.datetime({ error: 'is no time in UTC, such as 2026-11-29T02:10:33.000Z' })

/** What is read of a record besides its report: the journal is for other tools. */
export const recordSchema = z.object({
  schema: z.literal('cache.record/1'),
  id: z.string({ error: 'is no text' }).regex(RECORD_ID, 'is no id of a record'),
  start: time,
  end: time,
})

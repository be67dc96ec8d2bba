import { z } from 'zod'

// Fields of saved reports: what is wrong is told without repeating what stands there.

export const count = z.int({ error: 'is no count' }).min(0, 'is below zero').max(1e12, 'is beyond any count')
export const amount = z.number({ error: 'is no number' }).min(0, 'is below zero')
export const number = z.number({ error: 'is no number' })
export const positive = z.number({ error: 'is no number' }).gt(0, 'is not above zero')
export const yesOrNo = z.boolean({ error: 'is neither true nor false' })
export const short = z.string({ error: 'is no text' }).max(500, 'is longer than 500 characters')
/** Evidence, and what an app printed. */
export const long = z.string({ error: 'is no text' }).max(20_000, 'is longer than 20,000 characters')
export const listOf = <Item extends z.ZodType>(item: Item, most: number, what: string) =>
  z.array(item, { error: 'is no list' }).max(most, `has more than ${most.toLocaleString('en')} ${what}`)
export const oneOf = <Word extends string>(words: readonly Word[], what: string) =>
  z.enum(words, { error: `is no ${what}` })

export const verdict = oneOf(['pass', 'fail', 'inconclusive'], 'verdict')
/** What every report has. */
export const ended = {
  verdict,
  interrupted: z.literal(true, { error: 'is not true' }).optional(),
  warnings: listOf(long, 1000, 'warnings').optional(),
  stoppedBy: long.optional(),
}
export const witness = z.object({
  witnessed: yesOrNo,
  evidence: long,
  counts: z.record(z.string(), number, { error: 'is no group of counts' }),
})

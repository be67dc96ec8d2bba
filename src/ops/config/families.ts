import { z } from 'zod'
import { allFamilies } from '../../library/families/families.js'
import type { KeyType } from '../../library/families/family.js'
import { commonKey, parsePattern, type KeyPattern } from '../../library/families/pattern.js'
import { wholeNumber } from './fields.js'

const KEY_TYPES = ['string', 'list', 'set', 'zset', 'hash', 'stream'] as const satisfies readonly KeyType[]

/** It stands in tables and command lines, and in reports that are compared. */
const name = z
  .string()
  .max(32, { error: 'is longer than 32 characters' })
  .regex(/^[A-Za-z][A-Za-z0-9]*([._-][A-Za-z0-9]+)*$/, {
    error: 'is no name of a family: letters and digits, with . _ or - between them',
  })

const flag = z.boolean({ error: 'is neither true nor false' })

const family = z.strictObject({
  pattern: z
    .string()
    .max(200, { error: 'is longer than 200 characters' })
    .superRefine((text, context) => {
      try {
        parsePattern(text)
      } catch (error) {
        context.addIssue({ code: 'custom', message: `is no key pattern: ${(error as Error).message}` })
      }
    })
    .describe('How its keys are spelt, such as app:session:{userId}.'),
  ttl: wholeNumber(1, 31_536_000)
    .nullable()
    .describe('Seconds that a key lives at most; null where each key decides.'),
  type: z
    .enum(KEY_TYPES, { error: `is not null or one of ${KEY_TYPES.join(', ')}` })
    .nullable()
    .default('string')
    .describe('What stands under its keys, as Redis names it; null where that differs.'),
  evictable: flag
    .default(true)
    .describe('Whether the server may evict them: it costs a miss and nothing else.'),
  staleOk: flag
    .default(false)
    .describe('Whether readers may get what the source no longer says, for up to the TTL.'),
  authorisation: flag.default(false).describe('Whether what somebody may do is decided by them.'),
})

/** The kinds of key that an application declares; no key may be of two kinds, ours among them. */
export const families = z.record(name, family).superRefine((declared, context) => {
  const known = allFamilies.map(({ id, pattern }) => ({ id, pattern, of: ' of the library' }))
  for (const [id, { pattern: text }] of Object.entries(declared)) {
    const taken = allFamilies.find((each) => each.id === id)
    if (taken) {
      const message = `is the name of a family of the library, ${taken.pattern.text}; take another`
      context.addIssue({ code: 'custom', path: [id], message })
    }
    const pattern = parsed(text)
    if (!pattern) continue
    for (const other of known) {
      const key = commonKey(pattern, other.pattern)
      if (key === null) continue
      const message =
        `${text} and ${other.pattern.text} of ${other.id}${other.of} have keys in common, such as ${key}; ` +
        'give one of them a word that the other lacks'
      context.addIssue({ code: 'custom', path: [id, 'pattern'], message })
    }
    known.push({ id, pattern, of: '' })
  }
})

/** Null for what was refused as a pattern already. */
function parsed(text: string): KeyPattern | null {
  try {
    return parsePattern(text)
  } catch {
    return null
  }
}

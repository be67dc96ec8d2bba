import { UsageError } from '../report/errors.js'
import { familyNamed, type Catalogue } from './families.js'

/** Keys that have one thing in common, and what that is called. */
export interface KeySet {
  name: string
  has(key: Buffer): boolean
}

const LONGEST_PREFIX = 200

/**
 * The keys of a family of the catalogue by its name, or all keys that begin so: names of families have no colon in them, and
 * a beginning must.
 *
 * @throws UsageError for a family that does not exist, with the one that was probably meant
 */
export function familyOrPrefix(
  catalogue: Catalogue,
  text: string,
  suggest: (family: string) => string,
): KeySet {
  if (!text.includes(':')) {
    const { id } = familyNamed(catalogue, text, suggest)
    return { name: id, has: (key) => catalogue.classify(key)?.id === id }
  }
  if (text.length > LONGEST_PREFIX) {
    throw new UsageError(
      'BAD_PREFIX',
      `${JSON.stringify(text.slice(0, 50))}… is longer than ${LONGEST_PREFIX} characters: that is no beginning of keys.`,
      [suggest('app:session:')],
    )
  }
  const prefix = Buffer.from(text)
  return { name: text, has: (key) => key.subarray(0, prefix.length).equals(prefix) }
}

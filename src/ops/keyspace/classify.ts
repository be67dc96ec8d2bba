import { allFamilies, type Family } from '../../library/families/families.js'

/** The words that every key of a family begins with; most keys are told apart by these alone. */
const beginnings = allFamilies.map((family) => ({
  family,
  beginning: Buffer.from(family.pattern.text.replace(/\{.*/s, '')),
}))

/** The family of a key by its exact pattern; null for an orphan. As `findFamily`, for millions of keys. */
export function classify(key: Buffer): Family | null {
  for (const { family, beginning } of beginnings) {
    if (key.length <= beginning.length || beginning.compare(key, 0, beginning.length) !== 0) continue
    if (family.pattern.match(key.toString()) !== null) return family
  }
  return null
}

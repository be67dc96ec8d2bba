import { allFamilies, type Family } from '../../library/families/families.js'

const COLON = 58

interface Shape {
  family: Family
  /** The words that every key of the family begins with; most keys are told apart by these alone. */
  beginning: Buffer
  /** How many parameters follow; null where words come between them, which `match` has to tell. */
  parameters: number | null
}

const shapes = allFamilies.map((family): Shape => {
  const [beginning = '', ...after] = family.pattern.text.split(/(?=\{)/)
  const onlyParameters = after.every((segment) => /^\{\w+\}:?$/.test(segment))
  return { family, beginning: Buffer.from(beginning), parameters: onlyParameters ? after.length : null }
})

/** The family of a key by its exact pattern; null for an orphan. As `findFamily`, for millions of keys. */
export function classify(key: Buffer): Family | null {
  for (const { family, beginning, parameters } of shapes) {
    if (key.length <= beginning.length || beginning.compare(key, 0, beginning.length) !== 0) continue
    const fits =
      parameters === null
        ? family.pattern.match(key.toString()) !== null
        : hasSegments(key, beginning.length, parameters)
    if (fits) return family
  }
  return null
}

/** Whether the rest of the key is so many segments, none of them empty. */
function hasSegments(key: Buffer, from: number, count: number): boolean {
  let start = from
  for (let left = count; left > 1; left--) {
    const colon = key.indexOf(COLON, start)
    if (colon <= start) return false
    start = colon + 1
  }
  return start < key.length && key.indexOf(COLON, start) === -1
}

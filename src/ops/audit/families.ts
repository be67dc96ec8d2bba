import type { KeyPattern } from '../../library/families/pattern.js'
import type { Spelling } from './recognise/keys/spelling.js'

/** A declared kind of key, as far as code can be held against it. */
export interface KeyFamily {
  id: string
  pattern: Pick<KeyPattern, 'text' | 'words'>
  /** Null where each key decides. */
  ttlSeconds: number | null
  /** `library`, or where the project declares it. */
  declaredIn: string
}

/** The families that a key of this spelling may be of: several where what is not known decides. */
export function familiesOf(spelling: Spelling, families: readonly KeyFamily[]): KeyFamily[] {
  const segments = segmentsOf(spelling)
  return families.filter(({ pattern }) => fits(segments, pattern.words))
}

/** A segment between colons: a text, or its texts with null for what is not known. */
type Segment = readonly (string | null)[]

function segmentsOf(spelling: Spelling): Segment[] {
  const segments: (string | null)[][] = [[]]
  for (const part of spelling) {
    if (part === null) {
      segments.at(-1)!.push(null)
      continue
    }
    const [first, ...others] = part.split(':')
    if (first) segments.at(-1)!.push(first)
    for (const each of others) segments.push(each ? [each] : [])
  }
  return segments
}

/** What is not known may be several segments; a word of the family must then be in sight somewhere. */
function fits(segments: readonly Segment[], words: readonly (string | null)[], hasWord = false): boolean {
  const [segment, ...rest] = segments
  const [word, ...others] = words
  if (segment === undefined || word === undefined)
    return segment === undefined && words.length === 0 && hasWord
  const isUnknown = segment.length === 1 && segment[0] === null
  if (isUnknown) {
    return words.some((_, at) => fits(rest, words.slice(at + 1), hasWord))
  }
  if (segment.length === 0) return false
  if (word === null) return fits(rest, others, hasWord)
  const isIt = new RegExp(`^${segment.map((part) => (part === null ? '.+' : escaped(part))).join('')}$`)
  return isIt.test(word) && fits(rest, others, true)
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
}

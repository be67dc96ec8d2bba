import type { OrphanGroup } from '../report/keys-report.js'
import type { Catalogue } from './families.js'
import { findWords } from './mask.js'

/** Below one place, more different words than this are ids. */
const MAX_WORDS = 50
const MAX_GROUPS = 5000
const MAX_DEPTH = 6

/**
 * Keys that follow no convention, grouped by the words that they begin with. Bounded, whatever the keys are: where the
 * words turn out to be ids, they become one `*`.
 */
export class OrphanGroups {
  readonly #groups = new Map<string, number>()
  /** Which words were met below a prefix; null once they turned out to be ids. */
  readonly #words = new Map<string, Set<string> | null>()
  readonly #catalogue: Catalogue

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue
  }

  add(key: Buffer): void {
    const parts = key.subarray(0, 512).toString().split(':')
    const words = findWords(parts, this.#catalogue)
    const pattern: string[] = []
    for (const [index, part] of parts.slice(0, MAX_DEPTH).entries()) {
      const literal = words[index]! && this.#isWord(pattern.join(':'), part)
      pattern.push(literal ? part : '*')
    }
    if (parts.length > MAX_DEPTH) pattern.push('…')
    const name = pattern.join(':')
    const known = this.#groups.has(name) || this.#groups.size < MAX_GROUPS
    this.#count(known ? name : '*', 1)
  }

  /** Largest first. */
  list(): OrphanGroup[] {
    const merged = new Map<string, number>()
    for (const [name, keys] of this.#groups) {
      const pattern = this.#settled(name)
      merged.set(pattern, (merged.get(pattern) ?? 0) + keys)
    }
    return [...merged]
      .map(([pattern, keys]) => ({ pattern, keys }))
      .sort((a, b) => b.keys - a.keys || (a.pattern < b.pattern ? -1 : 1))
  }

  #count(name: string, keys: number): void {
    this.#groups.set(name, (this.#groups.get(name) ?? 0) + keys)
  }

  #isWord(prefix: string, word: string): boolean {
    const words = this.#words.get(prefix)
    if (words === null) return false
    if (words === undefined) {
      if (this.#words.size >= MAX_GROUPS) return false
      this.#words.set(prefix, new Set([word]))
      return true
    }
    words.add(word)
    if (words.size <= MAX_WORDS) return true
    this.#words.set(prefix, null)
    return false
  }

  /** A group named before its words turned out to be ids. */
  #settled(name: string): string {
    const pattern: string[] = []
    for (const part of name.split(':')) {
      const isId = part !== '*' && part !== '…' && this.#words.get(pattern.join(':')) === null
      pattern.push(isId ? '*' : part)
    }
    return pattern.join(':')
  }
}

import type { Catalogue } from './families.js'

const SHOWN = 3
const MAX_PARTS = 8
/** A segment that reads like a word is part of a convention; anything else may be somebody's id. */
const WORD = /^[A-Za-z][A-Za-z_-]{0,23}$/

/** A key that can be shown: words stay, ids are cut to their first characters, nothing in it moves a terminal. */
export function maskKey(key: Buffer, catalogue: Catalogue): string {
  const parts = key.toString().split(':')
  const words = findWords(parts, catalogue)
  const shown = parts.slice(0, MAX_PARTS).map((part, index) => (words[index] ? part : maskId(part)))
  return parts.length > MAX_PARTS ? `${shown.join(':')}:…` : shown.join(':')
}

/** How a run shows keys: masked, or as they are, where bytes that are no text are lost. */
export function keyNaming(catalogue: Catalogue, showKeys = false): (key: Buffer) => string {
  return (key) => (showKeys ? key.toString() : maskKey(key, catalogue))
}

/** `8c1***` for an id; a short one is hidden altogether, as three characters of it would be most of it. */
export function maskId(id: string): string {
  const characters = Array.from(id.slice(0, 16))
  if (characters.length < 8) return id === '' ? '' : '***'
  const shown = characters.slice(0, SHOWN).join('')
  return `${shown.replace(/[\p{C}\p{Z}\p{M}]/gu, '?')}***`
}

/**
 * Which segments may be shown. Where a key begins as those of a family do, only where that family has a word, so that an
 * id in a key with one segment too many is hidden as well; elsewhere all that read like words, except the last.
 */
export function findWords(parts: readonly string[], { families }: Catalogue): boolean[] {
  const alike = (like: (words: Words) => number) =>
    families.find(({ pattern: { words } }) => hasWords(parts, words, like(words)))?.pattern.words
  const words =
    alike((each) => (each.length === parts.length ? each.length : 0)) ??
    alike((each) => each.findLastIndex((word) => word !== null) + 1) ??
    alike((each) => (each.includes(null) ? each.indexOf(null) : each.length))
  return parts.map((part, index) =>
    words ? words[index] === part : index < parts.length - 1 && WORD.test(part),
  )
}

type Words = readonly (string | null)[]

/** Whether the first `count` segments are as in the pattern; none are not. */
function hasWords(parts: readonly string[], words: Words, count: number): boolean {
  for (let index = 0; index < count; index++) {
    if (words[index] !== null && words[index] !== parts[index]) return false
  }
  return count > 0
}

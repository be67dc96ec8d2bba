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
 * Which segments may be shown. Below the words that a family begins with, only where that family has a word, so that an
 * id in a key with one segment too many is hidden as well; elsewhere all that read like words, except the last.
 */
export function findWords(parts: readonly string[], { families }: Catalogue): boolean[] {
  const { words: alike } =
    families.find(({ pattern: { words } }) => hasWords(words, parts))?.pattern ??
    families.find(({ pattern: { words } }) => beginsAlike(words, parts))?.pattern ??
    {}
  return parts.map((part, index) =>
    alike ? alike[index] === part : index < parts.length - 1 && WORD.test(part),
  )
}

type Words = readonly (string | null)[]

function hasWords(words: Words, parts: readonly string[]): boolean {
  return words.length === parts.length && words.every((word, index) => word === null || word === parts[index])
}

/** A pattern that begins with a parameter has no words that would tell. */
function beginsAlike(words: Words, parts: readonly string[]): boolean {
  const parameter = words.indexOf(null)
  const beginning = parameter === -1 ? words : words.slice(0, parameter)
  return beginning.length > 0 && beginning.every((word, index) => word === parts[index])
}

import { allFamilies, findFamily, type Family } from '../../library/families/families.js'

const SHOWN = 3
/** A segment that reads like a word is part of a convention; anything else may be somebody's id. */
const WORD = /^[A-Za-z][A-Za-z_-]{0,23}$/

/** A key that can be shown: words stay, ids are cut to their first characters, nothing in it moves a terminal. */
export function maskKey(key: Buffer): string {
  const text = key.toString()
  const parts = text.split(':')
  const template = templateOf(text, parts)
  const shown = parts.slice(0, 8).map((part, index) => {
    const isWord = template ? template[index] === part : index < parts.length - 1 && WORD.test(part)
    return isWord ? part : maskId(part)
  })
  return parts.length > 8 ? `${shown.join(':')}:…` : shown.join(':')
}

/** `8c1***` for an id; a short one is hidden altogether, as three characters of it would be most of it. */
export function maskId(id: string): string {
  const characters = Array.from(id.slice(0, 16))
  if (characters.length < 8) return id === '' ? '' : '***'
  const shown = characters.slice(0, SHOWN).join('')
  return `${shown.replace(/[\p{C}\p{Z}\p{M}]/gu, '?')}***`
}

/** Whether a segment at this place may be shown, because a family has a word there or because it reads like one. */
export function isWordAt(parts: readonly string[], index: number): boolean {
  const part = parts[index]!
  return index < parts.length - 1 && WORD.test(part) && templateOf(parts.join(':'), parts)?.[index] !== null
}

/**
 * The family's segments, null where it has a parameter: of the key's own family, else of the one that it most looks
 * like, so that an id in a key with one segment too many is hidden as well.
 */
function templateOf(text: string, parts: readonly string[]): (string | null)[] | null {
  const own = findFamily(text)?.family
  if (own) return segmentsOf(own)
  const alike = allFamilies.map(segmentsOf).find((segments) => startsAlike(segments, parts))
  return alike ? parts.map((part, index) => (alike[index] === part ? part : null)) : null
}

function segmentsOf(family: Family): (string | null)[] {
  return family.pattern.text.split(':').map((segment) => (segment.startsWith('{') ? null : segment))
}

function startsAlike(segments: readonly (string | null)[], parts: readonly string[]): boolean {
  const words = segments.findIndex((segment) => segment === null)
  return segments.slice(0, words).every((segment, index) => segment === parts[index])
}

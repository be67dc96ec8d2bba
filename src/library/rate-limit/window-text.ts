import { SLOTS, type WindowState } from './sliding-window.js'

/**
 * How a state is stored: the slot in 7 digits of base 64, then what is used in all and each count, newest first, in 4
 * digits each. The digits are `0` to `o` (48 + 0 to 63). Older counts that are zero are left out at the end, so the text
 * has 15 to 55 characters. What is used in all is the sum of the counts, so that most requests need not add them up.
 */
export function encodeWindow({ slot, counts }: WindowState): string {
  const used = counts.reduce((sum, count) => sum + count, 0)
  const kept = counts.slice(0, Math.max(1, counts.findLastIndex((count) => count > 0) + 1))
  return digits(slot, SLOT_DIGITS) + [used, ...kept].map((number) => digits(number, COUNT_DIGITS)).join('')
}

/** Null for a text that is no state. */
export function decodeWindow(text: string): WindowState | null {
  if (text.length < MIN_TEXT || text.length > MAX_TEXT || (text.length - MIN_TEXT) % COUNT_DIGITS !== 0)
    return null
  if (!/^[0-o]+$/.test(text)) return null
  const [used, ...counts] = (text.slice(SLOT_DIGITS).match(/.{4}/g) ?? []).map(numberOf)
  if (counts.reduce((sum, count) => sum + count, 0) !== used) return null
  const zeros = Array<number>(SLOTS + 1 - counts.length).fill(0)
  return { slot: numberOf(text.slice(0, SLOT_DIGITS)), counts: [...counts, ...zeros] }
}

export const SLOT_DIGITS = 7
export const COUNT_DIGITS = 4
export const BASE = 64
/** The digit of zero. */
export const ZERO = 48
export const MIN_TEXT = SLOT_DIGITS + 2 * COUNT_DIGITS
export const MAX_TEXT = MIN_TEXT + SLOTS * COUNT_DIGITS

function digits(number: number, width: number): string {
  let text = ''
  for (let rest = number; text.length < width; rest = Math.floor(rest / BASE)) {
    text = String.fromCharCode(ZERO + (rest % BASE)) + text
  }
  return text
}

function numberOf(text: string): number {
  return [...text].reduce((number, digit) => number * BASE + digit.charCodeAt(0) - ZERO, 0)
}

import { SLOTS, type WindowState } from './sliding-window.js'

/**
 * How a state is stored: the slot and its counts as digits of base 32, the counts newest first and without the zeros at
 * their end. `0` to `O` (48 + 0 to 31) end a number, `P` to `o` (80 + 0 to 31) are digits before its last one; so small
 * counts read as themselves, and the text of any state fits into 60 characters, which Redis keeps in 64 bytes.
 */
export function encodeWindow({ slot, counts }: WindowState): string {
  const used = counts.slice(0, counts.findLastIndex((count) => count > 0) + 1)
  return [slot, ...used].map(encodeNumber).join('')
}

/** Null for a text that is no state. */
export function decodeWindow(text: string): WindowState | null {
  if (text.length > MAX_TEXT) return null
  const numbers: number[] = []
  let number = 0
  for (const byte of Buffer.from(text, 'latin1')) {
    const digit = byte - 48
    if (digit < 0 || digit > 63) return null
    number = number * 32 + (digit % 32)
    if (digit >= 32) continue
    numbers.push(number)
    number = 0
  }
  const [slot, ...counts] = numbers
  if (slot === undefined || counts.length > SLOTS + 1) return null
  return { slot, counts: [...counts, ...Array<number>(SLOTS + 1 - counts.length).fill(0)] }
}

export const MAX_TEXT = 80

function encodeNumber(number: number): string {
  let text = String.fromCharCode(48 + (number % 32))
  for (let rest = Math.floor(number / 32); rest > 0; rest = Math.floor(rest / 32)) {
    text = String.fromCharCode(80 + (rest % 32)) + text
  }
  return text
}

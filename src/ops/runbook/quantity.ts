/** A number with what it is a number of. */
export interface Quantity {
  /** As it was written, unit included. */
  text: string
  /** The number alone. */
  amount: number
  /** In the base unit of its dimension: milliseconds, bytes, per cent. */
  value: number
  dimension: Dimension
}

type Dimension = 'none' | 'time' | 'size' | 'share'

const UNITS: Record<string, [Dimension, number]> = {
  us: ['time', 0.001],
  µs: ['time', 0.001],
  ms: ['time', 1],
  s: ['time', 1000],
  sec: ['time', 1000],
  seconds: ['time', 1000],
  min: ['time', 60_000],
  m: ['time', 60_000],
  h: ['time', 3_600_000],
  B: ['size', 1],
  bytes: ['size', 1],
  KB: ['size', 1000],
  MB: ['size', 1e6],
  GB: ['size', 1e9],
  KiB: ['size', 1024],
  MiB: ['size', 1024 ** 2],
  GiB: ['size', 1024 ** 3],
  // What Redis prints as used_memory_human.
  K: ['size', 1024],
  M: ['size', 1024 ** 2],
  G: ['size', 1024 ** 3],
  '%': ['share', 1],
}

// A digit inside a word, an address or a version (redis7, 10.0.0.1) is no number.
const number = /(?<![\w.])([-+]?\d+(?:\.\d+)?)(?:\s?(%|[a-zA-Zµ]+\b))?(?![\w]|\.\d)/g

/** All numbers in a text, in order. */
export function quantitiesIn(text: string): Quantity[] {
  return [...text.matchAll(number)].map(([whole, digits = '', unit = '']) => {
    const known = UNITS[unit]
    return {
      text: known ? whole : digits,
      amount: Number(digits),
      value: Number(digits) * (known?.[1] ?? 1),
      dimension: known?.[0] ?? 'none',
    }
  })
}

/** The text as one number with its unit; null for anything else. */
export function parseQuantity(text: string): Quantity | null {
  const trimmed = text.trim()
  const [only, ...more] = quantitiesIn(trimmed)
  return only && more.length === 0 && only.text === trimmed ? only : null
}

/** The factor of a quantity's unit, for a number that comes without one: `3` is 3 s where `< 5 s` is expected. */
export function unitFactor(text: string): number {
  const unit = /[^\d\s.+-].*$/.exec(text)?.[0] ?? ''
  return UNITS[unit]?.[1] ?? 1
}

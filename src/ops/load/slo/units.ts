/** Times, bytes and plain numbers do not mix: `during.p99 < 3` could mean anything. */
export type Dimension = 'time' | 'bytes' | 'number'

/** What a number may carry, and what it is worth in milliseconds, in bytes, or as it is. */
export const UNITS = {
  ms: { dimension: 'time', factor: 1 },
  s: { dimension: 'time', factor: 1000 },
  '%': { dimension: 'number', factor: 0.01 },
  b: { dimension: 'bytes', factor: 1 },
  kb: { dimension: 'bytes', factor: 1000 },
  mb: { dimension: 'bytes', factor: 1000 ** 2 },
  gb: { dimension: 'bytes', factor: 1000 ** 3 },
  kib: { dimension: 'bytes', factor: 1024 },
  mib: { dimension: 'bytes', factor: 1024 ** 2 },
  gib: { dimension: 'bytes', factor: 1024 ** 3 },
} as const satisfies Record<string, { dimension: Dimension; factor: number }>

export type Unit = keyof typeof UNITS

export function isUnit(text: string): text is Unit {
  return Object.hasOwn(UNITS, text)
}

const NAMES: Record<Dimension, string> = {
  time: 'a time',
  bytes: 'an amount of bytes',
  number: 'a number',
}

export function dimensionOfNumber(unit: Unit | null): Dimension {
  return unit === null ? 'number' : UNITS[unit].dimension
}

/** What a product or a quotient is; or why it is nothing, in words. */
export function scaled(
  left: Dimension,
  operator: '*' | '/',
  right: Dimension,
): Dimension | { wrong: string } {
  if (right === 'number') return left
  if (operator === '/') {
    return left === right ? 'number' : { wrong: `${NAMES[left]} cannot be divided by ${NAMES[right]}` }
  }
  return left === 'number' ? right : { wrong: `${NAMES[left]} times ${NAMES[right]} is nothing` }
}

/** @param verb such as `compared` */
export function unlike(left: Dimension, right: Dimension, verb: string): string {
  const carry = [left, right].includes('time')
    ? 'times carry a unit, such as 20ms'
    : 'bytes carry a unit, such as 10mb'
  return `${NAMES[left]} and ${NAMES[right]} cannot be ${verb}; ${carry}`
}

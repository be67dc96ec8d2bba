import { parseDuration } from './duration.js'

/** How much more is not worse yet: up to `factor` times as much, or by `floorMs`, whichever is more. */
export interface Allowed {
  factor: number
  floorMs: number
}

/** Two runs on one shared machine differ by a quarter at p99, and by a few milliseconds whatever the factor. */
export const ALLOWED: Allowed = { factor: 1.3, floorMs: 5 }

/** What is no allowance, as a sentence about its value goes on. */
export const NO_ALLOWANCE =
  'is no factor from 1x to 100x, no time up to 1h, nor both with a comma, such as 1.3x,5ms'

const HIGHEST_FACTOR = 100
const HIGHEST_MS = 3_600_000

/** `1.3x,5ms`, in any order; what is not named is as in `ALLOWED`. Null for anything else. */
export function parseAllowance(text: string): Allowed | null {
  const parts = text.split(',').map((part) => part.trim())
  if (parts.length > 2) return null
  const allowed: Partial<Allowed> = {}
  for (const part of parts) {
    const [, amount] = /^(\d+(?:\.\d+)?)x$/.exec(part) ?? []
    const [name, value] =
      amount === undefined
        ? (['floorMs', parseDuration(part)] as const)
        : (['factor', Number(amount)] as const)
    if (value === null || allowed[name] !== undefined) return null
    allowed[name] = value
  }
  const { factor, floorMs } = { ...ALLOWED, ...allowed }
  return factor >= 1 && factor <= HIGHEST_FACTOR && floorMs <= HIGHEST_MS ? { factor, floorMs } : null
}

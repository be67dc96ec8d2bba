import type { Outcome } from './run-case.js'

/** How often a drill of the same file did not say what it mostly says. */
export interface Flips {
  runs: number
  flipped: number
  /** flipped / runs, 0..1. */
  rate: number
  /** A line for each file that flipped. */
  told: string[]
}

/**
 * A verdict is the same when a file passes, fails by the clause that it is to fail by (or by any, of a sound one), or is
 * inconclusive, as before: which other clauses fail with it may change with where in its work the fault meets it.
 *
 * @param outcomes of each file, by how it is called, one for each run
 */
export function flipsOf(outcomes: ReadonlyMap<string, readonly FlipSign[]>): Flips {
  let runs = 0
  let flipped = 0
  const told: string[] = []
  for (const [name, signs] of outcomes) {
    const counts = new Map<FlipSign, number>()
    for (const sign of signs) counts.set(sign, (counts.get(sign) ?? 0) + 1)
    const most = Math.max(0, ...counts.values())
    runs += signs.length
    flipped += signs.length - most
    if (counts.size > 1)
      told.push(`${name}: ${[...counts].map(([sign, count]) => `${sign} ${count}`).join(', ')}`)
  }
  return { runs, flipped, rate: runs === 0 ? 0 : flipped / runs, told }
}

/** What counts as the verdict on a file: `pass`, `C3`, `fail` otherwise, or `inconclusive`. */
export type FlipSign = string

export function flipSign(
  { verdict, failed }: Pick<Outcome, 'verdict' | 'failed'>,
  clause?: string,
): FlipSign {
  return clause !== undefined && failed.includes(clause as never) ? clause : verdict
}

import type { CheckReport } from '../report/doctor-report.js'
import { inWords } from './in-words.js'
import type { World } from './world.js'

/** How many times its reads the source of truth gets without the cache, and who says so; goes on in a sentence. */
export function moreLoad(world: World, checks: readonly CheckReport[]): string {
  const known = hitRatio(world, checks)
  if (known === null) {
    return ' (how much more is not known: declare doctor.hitRatio)'
  }
  const { ratio, says } = known
  const from = `hit ratio ${inWords.percent(ratio)}, ${says}`
  if (ratio >= 1) return `, of which it got none before (${from})`
  const times = 1 / (1 - ratio)
  return `: ${times < 10 ? Number(times.toFixed(1)) : Math.round(times)} × its usual reads (${from})`
}

/** The nearest to now first. */
function hitRatio(world: World, checks: readonly CheckReport[]): { ratio: number; says: string } | null {
  const now = checks.find(({ id }) => id === 'HIT-001')?.value ?? null
  if (now !== null) return { ratio: now / 100, says: 'measured now' }
  const then = world.valueThen('HIT-001')
  if (then !== null) return { ratio: then / 100, says: 'as in the baseline' }
  return world.hitRatio === null ? null : { ratio: world.hitRatio, says: 'as declared' }
}

import type { ComparedDrill, DrillChange } from '../../report/drill-compare-report.js'

/** What became of it, in one sentence. */
export function comparedInWords(drills: readonly ComparedDrill[], partial: readonly string[]): string {
  if (drills.length === 0) return 'the two runs have no drill in common'
  const worse = drills.flatMap(({ name, a, b, clauses }) => {
    const lost = clauses.filter(({ change }) => change === 'worse').map(({ id }) => id)
    if (lost.length > 0)
      return [`${lost.join(', ')} of ${name} no longer ${lost.length === 1 ? 'holds' : 'hold'}`]
    return a === 'pass' && b === 'fail' ? [`${name} no longer passes`] : []
  })
  if (worse.length > 0) return worse.join('; ')
  const named = (wanted: DrillChange) =>
    drills.filter(({ change }) => change === wanted).map(({ name }) => name)
  const [unknown, better] = [named('unknown'), named('better')]
  const open = [...partial, ...(unknown.length > 0 ? [`of ${unknown.join(', ')} it could not be told`] : [])]
  if (open.length > 0) return `nothing is known to be worse, but ${open.join(', and ')}`
  if (better.length > 0)
    return `nothing is worse, and ${better.join(', ')} ${better.length === 1 ? 'is' : 'are'} better`
  return `nothing is worse in ${drills.length} ${drills.length === 1 ? 'drill' : 'drills'}`
}

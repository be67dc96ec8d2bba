import type { Measurement } from '../experiment/measurement.js'
import { rounded } from '../experiment/rounded.js'
import type { LoadReport } from '../report/load-report.js'
import type { Verdict } from '../report/report.js'
import { doubtAbout, latenessP99Ms } from './doubt.js'
import { inWords } from './in-words.js'
import { none } from './none.js'
import { phasesOf } from './phases.js'
import { judgeSlo, notJudged } from './slo/judge-slo.js'
import type { Slo } from './slo/slo.js'

export type Judgement = Pick<
  LoadReport,
  'verdict' | 'witness' | 'generator' | 'phases' | 'timeline' | 'slos' | 'inWords' | 'reason'
>

/**
 * Reads a measurement and says what it means. Pure: the same measurement gives the same report.
 *
 * `inconclusive` with the reason when the run was not sound, and no SLO is judged then. A missed SLO fails; so does a
 * subject whose process ends. An SLO that could not be judged is no pass. Without SLOs a sound run passes.
 */
export function judge(measurement: Measurement, slos: readonly Slo[], maxLatenessMs: number): Judgement {
  const observed = phasesOf(measurement)
  const phases = observed.summary()
  const doubt = doubtAbout(measurement, phases, maxLatenessMs)
  const reason = doubt ?? measurement.died
  const timeline = observed.timeline()
  const results = slos.map((slo) =>
    reason === null ? judgeSlo(slo, observed) : notJudged(slo, 'the run is not sound'),
  )
  return rounded({
    verdict: verdictOf(),
    // Broken off before it, there was no fault that could have been seen.
    witness:
      measurement.fault === none.name || measurement.interruptedIn === 'before' ? null : measurement.witness,
    generator: { latenessP99Ms: latenessP99Ms(measurement), limitMs: maxLatenessMs },
    phases,
    timeline,
    slos: results,
    inWords: reason === null ? inWords(measurement.fault, phases, timeline) : null,
    ...(reason === null ? {} : { reason }),
  })

  function verdictOf(): Verdict {
    if (doubt !== null) return 'inconclusive'
    if (measurement.died !== null || results.some(({ result }) => result === 'fail')) return 'fail'
    return results.some(({ result }) => result === 'not judged') ? 'inconclusive' : 'pass'
  }
}

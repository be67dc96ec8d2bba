import { rounded } from '../experiment/rounded.js'
import type { LoadReport, SloResult } from '../report/load-report.js'
import type { Verdict } from '../report/report.js'
import { baselineGates } from './baseline.js'
import { doubtAbout, latenessP99Ms } from './doubt.js'
import { inWords } from './in-words.js'
import { isLimiterAlone } from './limiter-alone.js'
import type { LoadRun } from './load-run.js'
import { couldRecover, momentsOf } from './moments.js'
import { none } from './none.js'
import { observe } from './observe.js'
import type { LoadOptions } from './options.js'
import { phasesOf, timelineOf, transitionsOf } from './phases.js'
import { judgeSlo, notJudged } from './slo/judge-slo.js'
import type { Slo } from './slo/slo.js'

export type Judgement = Pick<
  LoadReport,
  | 'verdict'
  | 'witness'
  | 'generator'
  | 'phases'
  | 'transitions'
  | 'timeline'
  | 'moments'
  | 'slos'
  | 'inWords'
  | 'reason'
  | 'repeat'
>

/**
 * Reads a run and says what it means. Pure: the same run gives the same report.
 *
 * `inconclusive` with the reason when the run was not sound, and no SLO is judged then. A missed SLO fails; so does a
 * subject whose process ends. An SLO that could not be judged is no pass. Without SLOs a sound run passes. What is worse
 * than in the baseline is a missed SLO; see `checkBaseline` for what a baseline must be.
 */
export function judge(
  measured: LoadRun,
  slos: readonly Slo[],
  { maxLatenessMs, baseline }: Pick<LoadOptions, 'maxLatenessMs' | 'baseline'>,
): Judgement {
  const { before, during, after } = measured.windows
  const isAlone = !measured.apart && isLimiterAlone([before, during, after])
  const run = isAlone ? { ...measured, hitsUnseen: true, loadsUnseen: true } : measured
  const phases = phasesOf(run)
  const moments = momentsOf(run)
  const timeline = timelineOf(run)
  const transitions = moments === null ? null : transitionsOf(run)
  const doubt = doubtAbout(run, maxLatenessMs)
  const reason = doubt ?? run.died
  const observed = observe(run, moments)
  const results = slos.map((slo) =>
    reason === null ? judgeSlo(slo, observed) : notJudged(slo, 'the run is not sound'),
  )
  if (baseline && reason === null) {
    results.push(...baselineGates(phases, moments, baseline.report, baseline.allowance))
  }
  return rounded({
    verdict: doubt !== null ? 'inconclusive' : run.died !== null ? 'fail' : verdictOf(results),
    // Broken off before it, there was no fault that could have been seen.
    witness: run.fault === none.name || run.faultAtMs >= run.endMs ? null : run.witness,
    generator: {
      latenessP99Ms: latenessP99Ms(run),
      limitMs: maxLatenessMs,
      unstarted: phases.reduce((sum, { unstarted }) => sum + unstarted, 0),
    },
    phases,
    ...(transitions && { transitions }),
    timeline,
    ...(moments && { moments }),
    slos: results,
    inWords: reason === null ? words() : null,
    ...(reason === null ? {} : { reason }),
  })

  function words(): string | null {
    const { fault, apart } = run
    const told = { fault, apart, phases, transitions: transitions ?? [], timeline }
    return inWords({ ...told, moments: moments ?? undefined, couldRecover: couldRecover(run) })
  }
}

/** What results amount to. */
export function verdictOf(results: readonly SloResult[]): Verdict {
  if (results.some(({ result }) => result === 'fail')) return 'fail'
  return results.some(({ result }) => result === 'not judged') ? 'inconclusive' : 'pass'
}

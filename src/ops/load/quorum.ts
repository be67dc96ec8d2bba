import type { LoadRepeat, SloResult } from '../report/load-report.js'
import { verdictOf, type Judgement } from './judge.js'
import { addPhases } from './phase-window.js'

/**
 * Several runs of one plan as one. An SLO passes when it held in `quorum` of them, fails when it can hold in that many no
 * more whatever the runs that were not sound would have shown, and is not judged otherwise. A process that ended fails
 * the whole, as that is no noise. With fewer sound runs than the quorum nothing passes. Pure.
 *
 * @param judgements at least one, in order
 */
export function combine(judgements: readonly Judgement[], { quorum }: { quorum: number }): Judgement {
  const first = judgements[0]
  if (first === undefined) throw new Error('there was no run')
  if (judgements.length === 1 && quorum <= 1) return first
  const sound = judgements.filter(({ reason }) => reason === undefined)
  const base = sound[0] ?? first
  const slos = together(judgements, quorum)
  const died = judgements.find(({ verdict, reason }) => verdict === 'fail' && reason !== undefined)
  const reason = reasonOf(judgements, sound.length, quorum)
  const latest = judgements.map(({ generator }) => generator.latenessP99Ms).filter((ms) => ms !== null)
  const { reason: _, ...rest } = base
  return {
    ...rest,
    verdict: died ? 'fail' : combinedVerdict(slos, sound.length < quorum),
    generator: {
      ...base.generator,
      latenessP99Ms: latest.length === 0 ? null : Math.max(...latest),
      unstarted: judgements.reduce((sum, { generator }) => sum + (generator.unstarted ?? 0), 0),
    },
    phases: base.phases.map(({ name }, index) =>
      sound.length === 0
        ? base.phases[index]!
        : addPhases(sound.flatMap(({ phases }) => phases.filter((each) => each.name === name))),
    ),
    slos,
    ...(reason === null ? {} : { reason }),
    ...(reason !== null && sound.length < quorum ? { inWords: null } : {}),
    repeat: { times: judgements.length, quorum, runs: judgements.map(repeatOf) },
  }
}

function combinedVerdict(slos: readonly SloResult[], tooFew: boolean) {
  const verdict = verdictOf(slos)
  return tooFew && verdict === 'pass' ? 'inconclusive' : verdict
}

function reasonOf(judgements: readonly Judgement[], sound: number, quorum: number): string | null {
  const times = judgements.length
  const reasons = judgements.flatMap(({ reason }, index) =>
    reason === undefined ? [] : [`run ${index + 1}: ${reason}`],
  )
  if (judgements.some(({ verdict, reason }) => verdict === 'fail' && reason !== undefined)) {
    return reasons.join('; ')
  }
  if (sound >= quorum) return null
  return `only ${sound} of ${times} runs ${sound === 1 ? 'was' : 'were'} sound, and ${quorum} must hold; ${reasons.join('; ')}`
}

function repeatOf({ verdict, phases, slos, reason }: Judgement): LoadRepeat {
  return { verdict, phases, slos, ...(reason === undefined ? {} : { reason }) }
}

function together(judgements: readonly Judgement[], quorum: number): SloResult[] {
  const key = ({ slo, from }: SloResult) => `${from ?? ''} ${slo}`
  const all = new Map<string, SloResult[]>()
  for (const result of judgements.flatMap(({ slos }) => slos)) {
    all.set(key(result), [...(all.get(key(result)) ?? []), result])
  }
  return [...all.values()].map((results) => oneOf(results, judgements.length, quorum))
}

/** @param results of one SLO, from the runs that could be asked */
function oneOf(results: readonly SloResult[], times: number, quorum: number): SloResult {
  const count = (which: SloResult['result']) => results.filter(({ result }) => result === which).length
  const [pass, fail] = [count('pass'), count('fail')]
  const result = pass >= quorum ? 'pass' : fail > times - quorum ? 'fail' : 'not judged'
  // What stands for all is a run of those that decided.
  const told = results.filter((each) => each.result === result)
  const middle = told[Math.floor(told.length / 2)] ?? results[0]!
  return {
    ...middle,
    result,
    ...(result === 'not judged' && { actual: null, limit: null, heldFromMs: null }),
    evidence: `held in ${pass} of ${times} runs, ${quorum} must: ${results.map(shortly).join('; ')}`,
    runs: { pass, fail, notJudged: times - pass - fail },
  }
}

function shortly({ result, evidence }: SloResult): string {
  return result === 'fail' ? `missed, ${evidence}` : evidence
}

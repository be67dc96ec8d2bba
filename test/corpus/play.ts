import type { CorpusCase } from './case.js'
import type { Judged } from './matrix.js'
import type { Outcome } from './run-case.js'
import { runKey, runsOf, type CorpusRun } from './runs.js'

export interface Playing {
  /** Decides the order and the names. */
  seed: number
  /** Drills at a time. */
  jobs: number
  signal: AbortSignal
  /** How often more a file is drilled of which a drill could not tell. @default 0 */
  again?: number
  /** Drills a file. */
  drill: (run: CorpusRun, signal: AbortSignal) => Promise<Outcome>
  /** A case both of whose files have been drilled. */
  onJudged: (judged: Judged) => void
}

/**
 * Drills every file of the cases once. A case is told of as soon as both twins are known.
 *
 * @returns in the order of the cases; without those that were not reached when `signal` came
 */
export async function play(cases: readonly CorpusCase[], playing: Playing): Promise<Judged[]> {
  const { seed, jobs, signal, again = 0, onJudged } = playing
  const outcomes = new Map<string, Outcome>()
  const judgedOf = (each: CorpusCase): Judged | null => {
    const sound = outcomes.get(runKey(each, 'sound'))
    const defective = outcomes.get(runKey(each, 'defective'))
    return sound && defective ? { each, sound, defective } : null
  }
  const waiting = [...runsOf(cases, seed)]
  const told = new Set<CorpusCase>()
  const work = async () => {
    for (let next = waiting.shift(); next && !signal.aborted; next = waiting.shift()) {
      const [key, run] = next
      const outcome = await untilTold(run, again, playing)
      // What was interrupted says nothing.
      if (signal.aborted) return
      outcomes.set(key, outcome)
      for (const each of cases) {
        const judged = told.has(each) ? null : judgedOf(each)
        if (!judged) continue
        told.add(each)
        onJudged(judged)
      }
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  return cases.map(judgedOf).filter((judged) => judged !== null)
}

async function untilTold(run: CorpusRun, again: number, { drill, signal }: Playing): Promise<Outcome> {
  let outcome = await drill(run, signal)
  let untold = 0
  while (outcome.verdict === 'inconclusive' && untold < again && !signal.aborted) {
    untold += 1
    outcome = { ...(await drill(run, signal)), untold }
  }
  return outcome
}

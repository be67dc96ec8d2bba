import type { CorpusCase } from './case.js'
import type { Outcome } from './run-case.js'

/** A case and what the drill said of both twins. */
export interface Judged {
  each: CorpusCase
  sound: Outcome
  defective: Outcome
}

/** What is true of a file against what the drill said of it. */
export interface Matrix {
  sound: { passed: number; flagged: number; inconclusive: number }
  defective: {
    /** Its clause among those that failed. */
    flagged: number
    /** Failed, though not by its clause. */
    otherwise: number
    passed: number
    inconclusive: number
  }
  /** In words; none when the drill has told the truth. */
  wrong: string[]
}

/** @param judged sound files that several cases share count once */
export function matrixOf(judged: readonly Judged[]): Matrix {
  const sound = { passed: 0, flagged: 0, inconclusive: 0 }
  const defective = { flagged: 0, otherwise: 0, passed: 0, inconclusive: 0 }
  const wrong: string[] = []
  const seen = new Set<Outcome>()
  for (const { each, ...said } of judged) {
    const isMissed = saidOfDefective(each, said.defective)
    defective[isMissed] += 1
    if (isMissed !== 'flagged')
      wrong.push(`${each.id}, defective: ${MISSED[isMissed]}${shown(said.defective)}`)
    if (seen.has(said.sound)) continue
    seen.add(said.sound)
    const isFalse =
      said.sound.verdict === 'fail' ? 'flagged' : said.sound.verdict === 'pass' ? 'passed' : 'inconclusive'
    sound[isFalse] += 1
    if (isFalse !== 'passed') wrong.push(`${each.id}, sound: ${FALSE[isFalse]}${shown(said.sound)}`)
  }
  return { sound, defective, wrong }
}

const MISSED = {
  otherwise: 'flagged, but not by its clause',
  passed: 'missed',
  inconclusive: 'inconclusive',
}
const FALSE = { flagged: 'a false alarm', inconclusive: 'inconclusive' }

function saidOfDefective({ clause }: CorpusCase, { verdict, failed }: Outcome): keyof Matrix['defective'] {
  if (verdict === 'inconclusive') return 'inconclusive'
  if (failed.includes(clause)) return 'flagged'
  return verdict === 'fail' ? 'otherwise' : 'passed'
}

function shown({ reason, findings }: Outcome): string {
  const why = findings.length > 0 ? findings.join('; ') : reason
  return why === null ? '' : ` (${why})`
}

import type { ClauseChange, ComparedDrill, DrillChange } from '../../report/drill-compare-report.js'
import type { ClauseResult, DrillReport } from '../../report/drill-report.js'
import type { Verdict } from '../../report/report.js'
import { comparedNumbers } from './compare-numbers.js'

/** One drill of A, and the same of B. */
export function compareDrill(name: string, a: DrillReport, b: DrillReport): ComparedDrill {
  const isSound = a.verdict !== 'inconclusive' && b.verdict !== 'inconclusive'
  const clauses = a.clauses.flatMap((clause) => {
    const other = b.clauses.find(({ id }) => id === clause.id)
    return other ? [compareClause(clause, other)] : []
  })
  const change = isSound
    ? worst([changeOf(a.verdict, b.verdict), ...clauses.map((each) => each.change)])
    : 'unknown'
  return {
    name,
    a: a.verdict,
    b: b.verdict,
    change,
    ...(a.reason !== undefined && { aReason: a.reason }),
    ...(b.reason !== undefined && { bReason: b.reason }),
    clauses,
    numbers: comparedNumbers(a, b),
  }
}

function compareClause(a: ClauseResult, b: ClauseResult): ClauseChange {
  const { id, title, result } = a
  return {
    id,
    title,
    a: result,
    b: b.result,
    change: changeOf(result, b.result),
    aEvidence: a.evidence,
    bEvidence: b.evidence,
  }
}

type Result = Verdict | ClauseResult['result']

function changeOf(a: Result, b: Result): DrillChange {
  if (a === b) return 'same'
  if (a === 'pass' && b === 'fail') return 'worse'
  if (a === 'fail' && b === 'pass') return 'better'
  return b === 'not judged' || b === 'inconclusive' ? 'unknown' : 'differs'
}

/** What matters most comes first. */
export const RANKS: readonly DrillChange[] = ['worse', 'unknown', 'better', 'differs', 'same']

function worst(changes: readonly DrillChange[]): DrillChange {
  return RANKS.find((rank) => changes.includes(rank)) ?? 'same'
}

import { plainText } from '../../experiment/plain-text.js'
import type { ComparedDrill, ComparedDrills, DrillCompareReport } from '../../report/drill-compare-report.js'
import type { DrillReport, OutageReport } from '../../report/drill-report.js'
import type { Verdict } from '../../report/report.js'
import { compareDrill, RANKS } from './compare-drill.js'
import { comparedInWords } from './compare-in-words.js'
import { differencesBetween } from './differences.js'

/** A report of drills, and what it is called. */
export interface NamedReport {
  name: string
  /** When the run began, in ISO 8601; null where nothing says so. */
  at: string | null
  report: OutageReport
}

/**
 * What became of each drill that both runs have. Pure: the same reports give the same comparison.
 *
 * `fail` when something is worse: a clause that held fails, or a drill that passed does. `inconclusive` when nothing is, and
 * something could not be told: one of the runs is partial, a drill was inconclusive, a clause is not judged any more, B did not run a
 * drill of A, or there is no drill in common. Numbers judge nothing. Runs of different experiments are compared all the same, and the differences told.
 */
export function compareReports(a: NamedReport, b: NamedReport): DrillCompareReport {
  const [left, right] = drillsByName(a.report, b.report)
  const drills = [...left].flatMap(([name, drill]) => {
    const other = right.get(name)
    return other ? [compareDrill(plainText(name), drill, other)] : []
  })
  const onlyIn = (own: ReadonlyMap<string, unknown>, other: ReadonlyMap<string, unknown>) =>
    [...own.keys()].filter((name) => !other.has(name)).map(plainText)
  const [onlyInA, onlyInB] = [onlyIn(left, right), onlyIn(right, left)]
  const partial = [
    partialIn('A', a.report),
    partialIn('B', b.report),
    // Or leaving a drill out would make everything well.
    drills.length > 0 && onlyInA.length > 0 ? `B did not run ${onlyInA.join(', ')}` : null,
  ].filter((text) => text !== null)
  return {
    schema: 'cache.report-compare/1',
    command: 'report compare',
    verdict: verdictOf(drills, partial),
    a: runOf(a),
    b: runOf(b),
    differences: differencesBetween(a.report, b.report).map(plainText),
    drills: sorted(drills),
    onlyInA,
    onlyInB,
    inWords: comparedInWords(drills, partial),
  }
}

/** By the drill's name; with its subject where one of the runs has several. */
function drillsByName(
  a: OutageReport,
  b: OutageReport,
): [Map<string, DrillReport>, Map<string, DrillReport>] {
  const isOfMany = [a, b].some(({ drills }) => new Set(drills.map(({ subject }) => subject)).size > 1)
  const named = ({ drills }: OutageReport) => {
    const found = new Map<string, DrillReport>()
    for (const drill of drills) {
      const name = isOfMany ? `${drill.subject}: ${drill.name}` : drill.name
      // One that was asked for twice.
      let key = name
      for (let nth = 2; found.has(key); nth += 1) key = `${name} (${nth})`
      found.set(key, drill)
    }
    return found
  }
  return [named(a), named(b)]
}

function partialIn(letter: string, { interrupted, stoppedBy }: OutageReport): string | null {
  if (interrupted) return `${letter} was interrupted`
  return stoppedBy === undefined ? null : `${letter} was ended by a stop condition`
}

function runOf({ name, at, report }: NamedReport): ComparedDrills {
  const { subject, seed, ratePerSecond, plan, verdict, environment } = report
  return {
    name: plainText(name),
    at,
    subject: plainText(subject),
    seed,
    ratePerSecond,
    plan,
    server: plainText(environment.server),
    verdict,
  }
}

function verdictOf(drills: readonly ComparedDrill[], partial: readonly string[]): Verdict {
  if (drills.some(({ change }) => change === 'worse')) return 'fail'
  const isOpen =
    drills.length === 0 || partial.length > 0 || drills.some(({ change }) => change === 'unknown')
  return isOpen ? 'inconclusive' : 'pass'
}

function sorted(drills: readonly ComparedDrill[]): ComparedDrill[] {
  return drills.toSorted((left, right) => RANKS.indexOf(left.change) - RANKS.indexOf(right.change))
}

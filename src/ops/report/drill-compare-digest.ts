import { comparedValue, differenceOf, shownNumbers } from './compared-numbers.js'
import type { Digest, DigestItem } from './digest.js'
import type {
  ClauseChange,
  ComparedDrill,
  ComparedDrills,
  DrillChange,
  DrillCompareReport,
} from './drill-compare-report.js'
import { DRILL_WORDS } from './drill-row.js'

const PLAIN = { remedy: '', commands: [], known: false }

/** One item for each drill, and one for each clause that changed. */
export function drillCompareDigest(report: DrillCompareReport): Digest {
  const { verdict, a, b, inWords, drills, differences, onlyInA, onlyInB } = report
  const only = [
    ...(onlyInA.length > 0 ? [{ label: 'only in A', text: onlyInA.join(', ') }] : []),
    ...(onlyInB.length > 0 ? [{ label: 'only in B', text: onlyInB.join(', ') }] : []),
  ]
  return {
    title: 'cache report compare',
    word: DRILL_WORDS[verdict],
    conclusion: inWords,
    facts: [
      { label: 'A', text: runText(a) },
      { label: 'B', text: runText(b) },
      ...differences.map((text) => ({ label: 'not alike', text })),
      ...only,
    ],
    tables: tablesOf(drills),
    groups: drills.map((drill) => ({ title: `compare.${drill.name}`, items: itemsOf(drill) })),
    next: [],
  }
}

function runText({ name, at, subject, seed, ratePerSecond }: ComparedDrills): string {
  return `${name}: ${subject}, ${ratePerSecond} operations/s, seed ${seed}${at === null ? '' : `, ${at}`}`
}

const LEVELS: Record<DrillChange, DigestItem['level']> = {
  worse: 'fail',
  unknown: 'broken',
  better: 'ok',
  differs: 'ok',
  same: 'ok',
}

function itemsOf(drill: ComparedDrill): DigestItem[] {
  const { name, a, b, change, clauses } = drill
  const isSound = a !== 'inconclusive' && b !== 'inconclusive'
  const changed = isSound ? clauses.filter((clause) => clause.change !== 'same') : []
  // A verdict that its clauses tell is not told twice.
  const isTold = changed.some((clause) => clause.change === change)
  const whole: DigestItem = {
    ...PLAIN,
    id: name,
    title: 'verdict',
    level: LEVELS[change],
    word: change,
    message: `A ${a}, B ${b}${[drill.aReason, drill.bReason].flatMap((text) => (text === undefined ? [] : [`: ${text}`])).join('')}`,
    counts: change === 'worse',
  }
  return [...(isTold ? [] : [whole]), ...changed.map((clause) => itemOf(clause, name))]
}

function itemOf({ id, title, a, b, change, aEvidence, bEvidence }: ClauseChange, drill: string): DigestItem {
  return {
    ...PLAIN,
    id: `${drill} ${id}`,
    title,
    level: LEVELS[change],
    word: change,
    message: `A ${a}: ${aEvidence}; B ${b}: ${bEvidence}`,
    commands: change === 'worse' ? [`cache explain ${id}`] : [],
    counts: change === 'worse',
  }
}

function tablesOf(drills: readonly ComparedDrill[]): NonNullable<Digest['tables']> {
  const rows = drills.flatMap(({ name, numbers }) =>
    shownNumbers(numbers).map((number) => [
      `${name}${number.where === 'drill' ? '' : ` ${number.where}`} ${number.metric}`,
      comparedValue(number.a, number.unit),
      comparedValue(number.b, number.unit),
      differenceOf(number),
    ]),
  )
  return rows.length === 0 ? [] : [{ columns: ['number', 'A', 'B', 'difference'], rows }]
}

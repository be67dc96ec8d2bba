import { comparedValue, differenceOf, shownNumbers } from '../../ops/report/compared-numbers.js'
import type {
  ComparedDrill,
  ComparedDrills,
  DrillChange,
  DrillCompareReport,
} from '../../ops/report/drill-compare-report.js'
import { DRILL_WORDS } from '../../ops/report/drill-row.js'
import { formatCount, formatDuration } from '../../ops/report/format.js'
import { inAscii } from '../in-ascii.js'
import { renderTable, type Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { entry } from './labelled-lines.js'

/** What was compared, what became of each drill, what each clause that changed went by, the numbers, the verdict. Quiet: what is worse, and the verdict. */
export function drillCompareText(report: DrillCompareReport, terminal: Terminal): string {
  const { drills, differences } = report
  const { caution } = terminal.style
  const lines = terminal.quiet
    ? [...changedClauses(drills, ['worse'], terminal), verdictText(report, terminal)]
    : [
        ...runLines(report, terminal),
        ...differences.map((text, index) => entry(index === 0 ? 'differ' : '', text, terminal, caution)),
        ...onlyLines(report, terminal),
        ...(drills.length === 0 ? [] : ['', drillTable(drills, terminal)]),
        ...reasonLines(drills, terminal),
        ...changedClauses(drills, ['worse', 'unknown', 'better', 'differs'], terminal),
        ...numberLines(drills, terminal),
        '',
        verdictText(report, terminal),
      ]
  return inAscii(lines.join('\n'), terminal)
}

/** What both have in common is said once. */
function runLines({ a, b }: DrillCompareReport, terminal: Terminal): string[] {
  const isAlike = loadOf(a) === loadOf(b)
  return [
    ...[a, b].map((run, index) => {
      const when = run.at === null ? [] : [`${run.at.slice(0, 16).replace('T', ' ')} UTC`]
      const parts = [run.subject, `seed ${run.seed}`, ...(isAlike ? [] : [loadOf(run)]), ...when]
      return entry(index === 0 ? 'A' : 'B', `${run.name}: ${parts.join(', ')}`, terminal)
    }),
    ...(isAlike ? [entry('load', loadOf(a), terminal)] : []),
  ]
}

function loadOf({ ratePerSecond, plan }: ComparedDrills): string {
  const phases = [plan.beforeMs, plan.duringMs, plan.afterMs].map(formatDuration).join(' + ')
  return `${formatCount(ratePerSecond)} operations/s, ${phases}`
}

function onlyLines({ onlyInA, onlyInB }: DrillCompareReport, terminal: Terminal): string[] {
  return [
    ...(onlyInA.length > 0 ? [entry('only A', onlyInA.join(', '), terminal)] : []),
    ...(onlyInB.length > 0 ? [entry('only B', onlyInB.join(', '), terminal)] : []),
  ]
}

const DRILLS: Column[] = [
  { title: '' },
  { title: 'drill' },
  { title: 'A' },
  { title: 'B' },
  { title: 'clauses', wraps: true },
]

function drillTable(drills: readonly ComparedDrill[], terminal: Terminal): string {
  const rows = drills.map((drill) => [
    paintOf(drill.change, terminal)(drill.change),
    drill.name,
    terminal.style.word(DRILL_WORDS[drill.a]),
    terminal.style.word(DRILL_WORDS[drill.b]),
    clausesInWords(drill),
  ])
  return renderTable(DRILLS, rows, terminal)
}

const BECAME: Record<Exclude<DrillChange, 'same'>, string> = {
  worse: 'broken now',
  better: 'kept now',
  unknown: 'not judged now',
  differs: 'judged in B only',
}

function clausesInWords({ a, b, clauses }: ComparedDrill): string {
  const open = [...(a === 'inconclusive' ? ['A'] : []), ...(b === 'inconclusive' ? ['B'] : [])]
  if (open.length > 0) return `${open.join(' and ')} proved nothing`
  const parts = (['worse', 'unknown', 'better', 'differs'] as const).flatMap((change) => {
    const ids = clauses.filter((clause) => clause.change === change).map(({ id }) => id)
    return ids.length === 0 ? [] : [`${ids.join(', ')} ${BECAME[change]}`]
  })
  return parts.join('; ') || 'as they were'
}

function reasonLines(drills: readonly ComparedDrill[], terminal: Terminal): string[] {
  const lines = drills.flatMap(({ name, aReason, bReason }) => [
    ...(aReason === undefined ? [] : [entry('A', `${name}: ${aReason}`, terminal)]),
    ...(bReason === undefined ? [] : [entry('B', `${name}: ${bReason}`, terminal)]),
  ])
  return lines.length === 0 ? [] : ['', ...lines]
}

function changedClauses(
  drills: readonly ComparedDrill[],
  changes: readonly DrillChange[],
  terminal: Terminal,
): string[] {
  return changes.flatMap((change) =>
    drills
      // Of a drill that proved nothing there is one reason, and not eleven.
      .filter(({ a, b }) => a !== 'inconclusive' && b !== 'inconclusive')
      .flatMap(({ name, clauses }) =>
        clauses
          .filter((clause) => clause.change === change)
          .flatMap(({ id, title, aEvidence, bEvidence }) => [
            '',
            `${paintOf(change, terminal)(change.padEnd(7))}  ${terminal.style.bold(`${name}  ${id} ${title}`)}`,
            entry('A', aEvidence, terminal),
            entry('B', bEvidence, terminal),
          ]),
      ),
  )
}

const NUMBERS: Column[] = [
  { title: 'drill' },
  { title: 'where' },
  { title: 'what' },
  { title: 'A', align: 'right' },
  { title: 'B', align: 'right' },
  { title: 'difference', align: 'right' },
]

function numberLines(drills: readonly ComparedDrill[], terminal: Terminal): string[] {
  const rows = drills.flatMap(({ name, numbers }) =>
    shownNumbers(numbers).map((number) => [
      name,
      number.where === 'drill' ? '' : number.where,
      number.metric,
      comparedValue(number.a, number.unit),
      comparedValue(number.b, number.unit),
      differenceOf(number),
    ]),
  )
  if (rows.length === 0) return []
  const note = 'numbers judge nothing, as one run cannot tell a difference from chance; all are in --json'
  return ['', renderTable(NUMBERS, rows, terminal), entry('note', note, terminal)]
}

function paintOf(change: DrillChange, { style }: Terminal): (text: string) => string {
  return {
    worse: style.bad,
    better: style.good,
    unknown: style.caution,
    differs: style.caution,
    same: style.dim,
  }[change]
}

function verdictText({ verdict, inWords }: DrillCompareReport, terminal: Terminal): string {
  const { good, bad, caution } = terminal.style
  const text = `${inWords.charAt(0).toUpperCase()}${inWords.slice(1)}.`
  if (verdict === 'pass') return entry('ok', text, terminal, good)
  return verdict === 'fail' ? entry('FAIL', text, terminal, bad) : entry('skip', text, terminal, caution)
}

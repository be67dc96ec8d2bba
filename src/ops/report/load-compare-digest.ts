import type { Digest, DigestItem } from './digest.js'
import type { ComparedRun, ComparedValue, CompareRow, LoadCompareReport } from './load-compare-report.js'

const WORDS = { pass: 'ok', fail: 'FAIL', inconclusive: 'broken' } as const

/** One test for each number that was compared, and one for whether the runs could be compared at all. */
export function compareDigest(report: LoadCompareReport): Digest {
  const { verdict, a, b, reason, inWords, rows, differences } = report
  const conclusion = reason ?? inWords ?? ''
  const places = [...new Set(rows.map(({ where }) => where))]
  return {
    title: 'cache load-test compare',
    word: WORDS[verdict],
    conclusion,
    facts: [
      { label: 'A', text: runText(a) },
      { label: 'B', text: runText(b) },
      ...differences.map((text) => ({ label: 'not alike', text })),
    ],
    groups: [
      { title: 'runs', items: [soundItem(reason)] },
      ...places.map((title) => ({ title, items: rows.filter(({ where }) => where === title).map(itemOf) })),
    ],
    next: [],
  }
}

function soundItem(reason: string | undefined): DigestItem {
  const isSound = reason === undefined
  return {
    id: 'sound',
    title: 'both runs can be compared',
    level: isSound ? 'ok' : 'broken',
    word: isSound ? 'ok' : 'inconclusive',
    message: reason ?? 'both runs are sound, and have enough operations',
    remedy: isSound ? '' : 'run it again, longer or at a higher rate',
    commands: [],
    counts: false,
    known: false,
  }
}

function itemOf(row: CompareRow): DigestItem {
  const { where, metric, verdict, a, b, reason } = row
  const isUnknown = verdict === 'unknown'
  const values = `A ${valueText(a, row)}, B ${valueText(b, row)}`
  return {
    id: `${where}.${metric}`,
    title: `${metric} ${where === 'moments' ? 'after fault or heal' : `in ${where}`}`,
    level: verdict === 'worse' ? 'fail' : isUnknown ? 'not judged' : 'ok',
    word: verdict,
    message: reason === undefined ? values : `${values}: ${reason}`,
    remedy: '',
    commands: [],
    counts: verdict === 'worse',
    known: false,
  }
}

function runText({ file, subject, fault, ratePerSecond, seed }: ComparedRun): string {
  return `${subject}, fault ${fault}, ${ratePerSecond}/s, seed ${seed} (${file})`
}

const UNITS: Record<CompareRow['unit'], string> = {
  time: ' ms',
  share: ' %',
  perSecond: '/s',
  bytes: ' B',
  factor: ' x',
  callerSeconds: ' s',
  count: '',
}

function valueText(value: ComparedValue, { unit }: CompareRow): string {
  if (value === null) return 'unknown'
  if (value === 'never') return 'never'
  const shown = unit === 'share' ? value * 100 : value
  return `${Number(shown.toFixed(shown < 10 ? 2 : 0))}${UNITS[unit]}`
}

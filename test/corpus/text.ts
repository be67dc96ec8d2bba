import type { CorpusCase } from './case.js'
import { flipsOf, flipSign, type FlipSign } from './flips.js'
import { matrixOf, type Judged } from './matrix.js'
import type { Outcome } from './run-case.js'

const HEAD = ['', 'hazard', 'case', 'client', 'drill', 'sound', 'defective', 'seconds']

/** The cells of a case: whether the drill told the truth, and what it said. */
export function rowOf({ each, sound, defective }: Judged): string[] {
  const isTrue = matrixOf([{ each, sound, defective }]).wrong.length === 0
  const seconds = ((sound.durationMs + defective.durationMs) / 1000).toFixed(0)
  const cells = [each.hazard, each.id, each.client, each.drill]
  return [isTrue ? 'ok' : 'LOST', ...cells, said(sound), said(defective, each.clause), seconds]
}

/** The clause that a case is about comes first. */
function said({ verdict, failed }: Outcome, clause?: string): string {
  if (verdict !== 'fail') return verdict
  const others = failed.filter((id) => id !== clause)
  const own = failed.filter((id) => id === clause)
  return ['FAIL', ...own, ...(others.length > 0 ? [`(${others.join(' ')})`] : [])].join(' ')
}

/**
 * All passes in words: a row for each case of the first, what was true against what was said, and where files were drilled more
 * often than once, how often the verdict on one flipped.
 */
export function corpusText(passes: readonly (readonly Judged[])[], seconds: number): string {
  const judged = passes.flat()
  const matrix = matrixOf(judged)
  const { sound, defective } = matrix
  const lines = [
    ...columns([HEAD, ...(passes[0] ?? []).map(rowOf)]),
    '',
    ...columns([
      ['', 'pass', 'FAIL by its clause', 'FAIL otherwise', 'inconclusive'],
      ['sound', String(sound.passed), '-', String(sound.flagged), String(sound.inconclusive)],
      [
        'defective',
        ...[defective.passed, defective.flagged, defective.otherwise, defective.inconclusive].map(String),
      ],
    ]),
    '',
    ...matrix.wrong.map((line) => `LOST  ${line}`),
  ]
  if (passes.length > 1) {
    const { runs, flipped, rate, told } = flipsOf(signsOf(passes))
    lines.push(`flips: ${flipped} of ${runs} drills (${(rate * 100).toFixed(1)} %)`, ...told)
  }
  const untold = sum(distinct(judged), ({ untold: count = 0 }) => count)
  if (untold > 0) lines.push(`${untold} drills could not tell, and were made again`)
  const hazards = new Set(judged.map(({ each }) => each.hazard)).size
  lines.push(
    `cases ${passes[0]?.length ?? 0}, hazards ${hazards}, passes ${passes.length}, ${duration(seconds)}`,
  )
  return lines.join('\n')
}

/** The cases as a table of Markdown, as docs/corpus.md has it. */
export function casesTable(cases: readonly CorpusCase[]): string {
  const head =
    '| hazard | case | the mistake | written with | drill | clause |\n| --- | --- | --- | --- | --- | --- |'
  return [head, ...cases.map(caseLine)].join('\n')
}

export function caseLine({ hazard, id, title, framework, client, drill, clause }: CorpusCase): string {
  const place = framework ? `${client}, ${framework}` : client
  return `| ${hazard} | \`${id}\` | ${title} | ${place} | \`${drill}\` | ${clause} |`
}

/** The verdicts on each file, in the order of the passes. */
export function signsOf(passes: readonly (readonly Judged[])[]): Map<string, FlipSign[]> {
  const signs = new Map<string, FlipSign[]>()
  for (const pass of passes) {
    const shared = new Set<Outcome>()
    for (const { each, sound, defective } of pass) {
      const add = (name: string, sign: FlipSign) => signs.set(name, [...(signs.get(name) ?? []), sign])
      add(`${each.id}, defective`, flipSign(defective, each.clause))
      if (!shared.has(sound)) add(`${each.id}, sound`, flipSign(sound))
      shared.add(sound)
    }
  }
  return signs
}

function distinct(judged: readonly Judged[]): Outcome[] {
  return [...new Set(judged.flatMap(({ sound, defective }) => [sound, defective]))]
}

function sum<T>(items: readonly T[], pick: (item: T) => number): number {
  return items.reduce((total, item) => total + pick(item), 0)
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

function duration(seconds: number): string {
  const whole = Math.round(seconds)
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}

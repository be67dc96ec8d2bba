import type {
  CodeKeys,
  DeclaredKeys,
  KeyPlace,
  KeysInCodeReport,
} from '../../ops/report/keys-in-code-report.js'
import { formatCount, formatQuantity } from '../../ops/report/format.js'
import { sanitise } from '../sanitise.js'
import { renderTable, type Column } from '../table.js'
import type { Terminal } from '../terminal.js'

// A service has hundreds of places; each pattern names the first few.
const PLACES = 3
const INDENT = ' '.repeat(5)

/** Declared families, patterns of the code that are of none, what Redis holds beside, and the verdict. */
export function auditKeysText(report: KeysInCodeReport, terminal: Terminal): string {
  const shown = report.families.filter(
    ({ declaredIn, used, live }) => declaredIn !== 'library' || used || (live?.keys ?? 0) > 0,
  )
  const foreign = report.patterns.filter((each) => each.families.length === 0)
  const blocks = terminal.quiet
    ? []
    : [
        ...(shown.length > 0 ? [familiesTable(shown, report), ''] : []),
        ...foreign.flatMap((each) => patternLines(each, report, terminal)),
        ...(foreign.length > 0 ? [''] : []),
        ...liveLines(report, terminal),
        ...unseenLines(report, terminal),
      ].map((block) => (typeof block === 'string' ? block : renderTable(block.columns, block.rows, terminal)))
  return [...blocks, ...verdictLines(report, terminal)].join('\n')
}

function familiesTable(families: readonly DeclaredKeys[], { live }: KeysInCodeReport): TableBlock {
  const columns: Column[] = [
    { title: 'family' },
    { title: 'pattern', wraps: true },
    { title: 'in the code' },
    { title: 'TTL declared', align: 'right' },
    { title: 'written', align: 'right' },
    ...(live
      ? [
          { title: 'keys', align: 'right' as const },
          { title: 'TTL seen', align: 'right' as const },
        ]
      : []),
  ]
  const rows = families.map((each) => [
    each.family,
    each.pattern,
    each.used ? 'used' : 'never',
    each.ttlDeclaredSeconds === null ? '-' : `${each.ttlDeclaredSeconds} s`,
    each.ttlWrittenSeconds.length === 0 ? '-' : each.ttlWrittenSeconds.map((ttl) => `${ttl} s`).join(', '),
    ...(live ? [formatCount(each.live?.keys ?? 0), seenTtl(each)] : []),
  ])
  return { columns, rows }
}

function seenTtl({ live }: DeclaredKeys): string {
  if (!live || live.keys === 0) return '-'
  const p50 = live.ttlSeconds === null ? 'none' : `~${Math.round(live.ttlSeconds)} s`
  return live.withoutTtl > 0 ? `${p50}, ${formatCount(live.withoutTtl)} without` : p50
}

interface TableBlock {
  columns: Column[]
  rows: string[][]
}

function patternLines(keys: CodeKeys, { live, families }: KeysInCodeReport, { style }: Terminal): string[] {
  // Nobody is told of undeclared keys who declares none.
  const isDeclaring = families.some(({ declaredIn }) => declaredIn !== 'library')
  const uses = [
    keys.writes > 0 ? formatQuantity(keys.writes, 'write') : '',
    keys.reads > 0 ? formatQuantity(keys.reads, 'read') : '',
    keys.deletes > 0 ? formatQuantity(keys.deletes, 'delete') : '',
    keys.ttlSeconds.length > 0 ? `TTL ${keys.ttlSeconds.map((each) => `${each} s`).join(', ')}` : '',
    live && keys.seen === false ? 'not seen in Redis' : '',
  ].filter(Boolean)
  const rest = keys.places.length - PLACES
  return [
    `${style.word(isDeclaring ? 'warn' : 'ok')} ${style.bold(sanitise(keys.pattern))}${isDeclaring ? ' of no declared family' : ''}: ${uses.join(', ')}`,
    ...keys.places.slice(0, PLACES).map((each) => `${INDENT}${placeOf(each)}`),
    ...(rest > 0 ? [`${INDENT}and ${formatQuantity(rest, 'place')} more`] : []),
  ]
}

function placeOf({ file, line, column, command }: KeyPlace): string {
  return `${sanitise(file)}:${line}:${column} ${command}`
}

function liveLines({ live }: KeysInCodeReport, { style }: Terminal): string[] {
  if (!live) return []
  return [
    ...live.unwritten.map(
      ({ pattern, family, keys }) =>
        `${style.word('warn')} ${sanitise(pattern)}${family ? ` (${family})` : ''}: ${formatQuantity(keys, 'key')} in Redis that no code in sight writes`,
    ),
    `${style.word(live.complete ? 'ok' : 'warn')} ${formatQuantity(live.keys, 'key')} of ${sanitise(live.server)} looked at${live.complete ? '' : '; there are more'}`,
    '',
  ]
}

function unseenLines({ outOfSight }: KeysInCodeReport, { style }: Terminal): string[] {
  if (outOfSight.length === 0) return []
  const [first] = outOfSight
  return [
    `${style.word('skip')} ${formatQuantity(outOfSight.length, 'key')} out of sight, made where it cannot be read; the first: ${placeOf(first!)}`,
    '',
  ]
}

function verdictLines(
  { summary, verdict, patterns, interrupted }: KeysInCodeReport,
  { style }: Terminal,
): string[] {
  if (summary.files === 0 && !interrupted)
    return [`${style.word('skip')} no source file there: nothing is proved`]
  const word = { pass: 'ok', fail: 'FAIL', inconclusive: 'skip' } as const
  const found = [
    formatQuantity(patterns.length, 'key pattern'),
    `${summary.undeclared} undeclared`,
    `${formatQuantity(summary.mismatched, 'family', 'families')} with another TTL than declared`,
    `${summary.unused} declared and never used`,
  ]
  return [`${style.word(word[verdict])} ${found.join(', ')}${interrupted ? '; stopped before the end' : ''}`]
}

import type { FamilyReport, KeyFinding, KeysReport, KindReport } from '../../ops/report/keys-report.js'
import { formatCount, formatDuration, formatQuantity, formatShare } from '../../ops/report/format.js'
import { renderTable, type Column } from '../table.js'
import type { Terminal } from '../terminal.js'
import { formatEstimate, formatLifetime, formatMemory, paragraph, targetLine } from './keys-parts.js'
import { keysEnding } from './keys-ending.js'
import { largestOf, nodesOf, sizesOf } from './keys-tables.js'

const MAX_GROUPS = 8

/** Target, one row per family, what is wrong, large keys, the orphans, the verdict. Quiet: what is wrong and the verdict. */
export function keysText(report: KeysReport, terminal: Terminal): string {
  const findings = report.findings.map((finding) => findingOf(finding, terminal))
  const ending = ['', ...keysEnding(report, terminal)]
  if (terminal.quiet) return [...findings, ...ending].join('\n').trimStart()
  return [
    ...headOf(report, terminal),
    '',
    tableOf(report, terminal),
    ...sizesOf(report, terminal),
    ...nodesOf(report, terminal),
    ...(findings.length > 0 ? ['', ...findings] : []),
    ...largestOf(report, terminal),
    ...orphansOf(report, terminal),
    ...notesOf(report, terminal),
    ...ending,
  ].join('\n')
}

function headOf({ target, scan, sample, cost }: KeysReport, terminal: Terminal): string[] {
  const seconds = Math.max(scan.durationMs, 1) / 1000
  const narrowed = scan.family ?? scan.match
  const of = (narrowed === null ? '' : ` of ${narrowed}`) + (scan.noTtl ? ' without a TTL' : '')
  const measured =
    sample.perFamily === 'all'
      ? 'every key measured'
      : `up to ${formatCount(sample.perFamily)} of each family measured (seed ${sample.seed})`
  return [
    paragraph('target', targetLine(target), terminal),
    paragraph(
      'pass',
      `${formatQuantity(scan.keysSeen, 'key')}${of} in ${formatDuration(scan.durationMs)} ` +
        `(${formatCount(scan.keysSeen / seconds)}/s), DBSIZE ${formatCount(scan.databaseKeys)}; ${measured}`,
      terminal,
    ),
    ...(cost === null ? [] : [paragraph('cost', `${formatQuantity(cost.sent, 'command')} sent`, terminal)]),
  ]
}

const COLUMNS: Column[] = [
  { title: 'family' },
  { title: 'keys', align: 'right' },
  { title: 'share', align: 'right' },
  { title: 'memory', align: 'right' },
  { title: 'TTL', align: 'right' },
  { title: 'p5..p95', align: 'right' },
  { title: 'no TTL', align: 'right' },
]

function tableOf({ families, orphans, scan }: KeysReport, terminal: Terminal): string {
  const rows = families.map((family) => rowOf(family.family, family, declared(family)))
  if (scan.family === null) rows.push(rowOf('(orphans)', orphans, '-'))
  return renderTable(COLUMNS, rows, terminal)
}

function rowOf(name: string, kind: KindReport, ttl: string): string[] {
  const seen = kind.ttlSeenMs
  return [
    name,
    formatCount(kind.keys),
    kind.keys === 0 ? '-' : formatShare(kind.share),
    kind.keys === 0 ? '-' : formatMemory(kind.memoryBytes),
    ttl,
    seen === null ? '-' : `${formatLifetime(seen.p5)}..${formatLifetime(seen.p95)}`,
    kind.withoutTtl.margin > 0 && kind.withoutTtl.value > 0
      ? `~${formatCount(kind.withoutTtl.value)}`
      : formatEstimate(kind.withoutTtl),
  ]
}

function declared({ ttlDeclaredSeconds }: FamilyReport): string {
  return ttlDeclaredSeconds === null ? 'varies' : formatLifetime(ttlDeclaredSeconds * 1000)
}

function findingOf({ rule, family, keys, fails, message, examples }: KeyFinding, terminal: Terminal): string {
  const word = fails ? 'FAIL' : 'warn'
  const paint = fails ? terminal.style.bad : terminal.style.caution
  const kind = family === null ? 'orphans' : family
  const count = keys.value === 1 && keys.margin === 0 ? '1 key' : `${formatEstimate(keys)} keys`
  const such = examples.length === 0 ? '' : `, such as ${examples.slice(0, 2).join(', ')}`
  return paragraph(word, `${kind}: ${count} ${message}${such} (${rule})`, terminal, paint)
}

function orphansOf({ orphans }: KeysReport, terminal: Terminal): string[] {
  if (orphans.keys === 0) return []
  const shown = orphans.groups.slice(0, MAX_GROUPS)
  const others = orphans.keys - shown.reduce((sum, { keys }) => sum + keys, 0)
  const rows = shown.map(({ pattern, keys }) => [pattern, formatCount(keys)])
  if (others > 0) rows.push(['(others)', formatCount(others)])
  return [
    '',
    renderTable(
      [
        { title: 'orphans', wraps: true },
        { title: 'keys', align: 'right' },
      ],
      rows,
      terminal,
    ),
  ]
}

function notesOf({ scan, families, orphans }: KeysReport, terminal: Terminal): string[] {
  const hidden = [...families, orphans].some(({ sampled, keys }) => sampled < keys)
  const unsized = [...families, orphans].some(
    ({ memoryBytes, sampled }) => memoryBytes === null && sampled > 0,
  )
  const notes = [
    hidden ? '~ ± ≤ are estimates from the sample (95 %); --sample all measures every key' : null,
    'SCAN returns each key that is there from beginning to end; of those that came or went meanwhile ' +
      'it may miss some' +
      (scan.repeated > 0 ? `; ${formatQuantity(scan.repeated, 'key')} came twice and counted once` : ''),
    unsized ? 'the server did not tell what keys weigh (MEMORY USAGE refused)' : null,
    scan.slotsUnserved > 0
      ? `${formatQuantity(scan.slotsUnserved, 'slot')} of the cluster have no master: what was in them is not here`
      : null,
    scan.slotsMoved ? 'slots changed masters meanwhile: keys may have moved past this pass' : null,
    scan.from === null
      ? null
      : `from cursor ${scan.from} on; a key that came before and after it is in both reports`,
  ]
  return ['', ...notes.flatMap((note) => (note === null ? [] : [paragraph('note', note, terminal)]))]
}

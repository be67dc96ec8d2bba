import type { LoadPart, LoadReport } from '../../ops/report/load-report.js'
import { formatCount, formatDuration } from '../../ops/report/format.js'
import { renderTable } from '../table.js'
import type { Terminal } from '../terminal.js'

/** Which endpoint was slow, and which failed; of one alone the phases say it. Families are in --json. */
export function partsText({ phases, interrupted }: LoadReport, terminal: Terminal): string[] {
  const endpoints = phases.map(({ parts = [] }) => parts.filter(({ kind }) => kind === 'endpoint'))
  const names = [...new Set(endpoints.flatMap((parts) => parts.map(({ name }) => name)))].sort()
  if (names.length < 2) return []
  const rows = names.map((name) => endpoints.map((parts) => parts.find((part) => part.name === name)))
  const counts = COUNTS.filter(({ pick, isRare }) => !isRare || rows.some((parts) => sumOf(parts, pick) > 0))
  return [
    renderTable(
      [
        { title: 'endpoint', wraps: true },
        ...counts.map(({ title }) => ({ title, align: 'right' as const })),
        // The phases are where they are in all tables: one after the other.
        ...phases.map(({ name }, at) => ({
          title: at === 0 ? `p95 ${name}` : name,
          align: 'right' as const,
        })),
      ],
      rows.map((parts, at) => [
        names[at]!,
        ...counts.map(({ pick }) => formatCount(sumOf(parts, pick))),
        ...parts.map((part) => p95Of(part, interrupted === true)),
      ]),
      terminal,
    ),
  ]
}

const COUNTS: { title: string; pick: (part: LoadPart) => number; isRare?: true }[] = [
  { title: 'sent', pick: ({ sent }) => sent },
  { title: 'err', pick: ({ errors }) => errors },
  { title: '429', pick: ({ denied }) => denied, isRare: true },
  { title: 'unanswered', pick: ({ pending }) => pending, isRare: true },
]

function sumOf(parts: readonly (LoadPart | undefined)[], pick: (part: LoadPart) => number): number {
  return parts.reduce((sum, part) => sum + (part ? pick(part) : 0), 0)
}

function p95Of(part: LoadPart | undefined, interrupted: boolean): string {
  // Nobody knows how long what an interruption cut off would have taken.
  if (!part || part.sent === 0 || (part.p95Ms === null && interrupted)) return '-'
  return `${part.uncertain.includes('p95') ? '~' : ''}${formatDuration(part.p95Ms)}`
}

import { formatCount, formatDuration } from '../../format.js'
import { COST, saying, TRANSITIONS, USERS, type PhaseColumn, type Shown } from '../../load-columns.js'
import type { LoadPart, LoadReport } from '../../load-report.js'
import type { Block } from '../page.js'
import { markOf } from './marks.js'

const ROUGH = '~: of too few calls to be judged.'

/** What users saw in each phase, what it cost, and how it was while things changed. */
export function phasesBlocks({ phases, transitions = [], interrupted }: LoadReport): Block[] {
  if (phases.length === 0) return []
  const within = transitions.filter(({ durationMs }) => durationMs > 0)
  const block = (
    title: string,
    caption: string,
    columns: readonly PhaseColumn[],
    rows: readonly Shown[],
  ): Block[] => {
    const shown = saying(columns, rows)
    if (rows.length === 0 || shown.length === 0) return []
    const cells = rows.map((row) =>
      shown.map((column) => column.show(row, { interrupted: interrupted === true })),
    )
    const isRough = cells.flat().some((cell) => cell.startsWith('~'))
    return [
      {
        kind: 'table',
        title,
        table: {
          caption,
          columns: [{ title: 'phase' }, ...shown.map((column) => ({ title: column.title }))],
          rows: rows.map(({ name }, index) => [name, ...cells[index]!]),
          ...(isRough && { notes: [ROUGH] }),
        },
      },
    ]
  }
  return [
    ...block('Users', 'What users saw in each phase', USERS, phases),
    ...unansweredBlock(phases, interrupted === true),
    ...block('Cost', 'What it cost in each phase', COST, phases),
    ...block(
      'While things changed',
      'How it was just after the fault and the heal, and later',
      TRANSITIONS,
      within,
    ),
  ]
}

function unansweredBlock(phases: readonly Shown[], interrupted: boolean): Block[] {
  const lost = phases.filter(({ pending }) => pending > 0)
  if (lost.length === 0) return []
  const where = lost.map(
    ({ pending, sent, name }) => `${formatCount(pending)} of ${formatCount(sent)} ${name}`,
  )
  return [
    {
      kind: 'text',
      text: `${interrupted ? 'On their way when the run was stopped' : 'Never answered'}: ${where.join(', ')}.`,
    },
  ]
}

const KINDS: Record<LoadPart['kind'], string> = {
  endpoint: 'Endpoints',
  family: 'Families of keys',
  limiter: 'Limiters',
}

/** Which endpoint, family or limiter was slow, and which failed; of one alone the phases say it. */
export function partsBlocks({ phases, interrupted }: LoadReport): Block[] {
  return (Object.keys(KINDS) as LoadPart['kind'][]).flatMap((kind): Block[] => {
    const of = phases.map(({ name, parts = [] }) => ({
      name,
      parts: parts.filter((part) => part.kind === kind),
    }))
    const names = [...new Set(of.flatMap(({ parts }) => parts.map(({ name }) => name)))].toSorted((a, b) =>
      a < b ? -1 : 1,
    )
    if (names.length === 0 || (names.length === 1 && kind === 'endpoint')) return []
    const rows = names.flatMap((part) =>
      of.flatMap(({ name, parts }) =>
        parts
          .filter((each) => each.name === part)
          .map((each) => [part, name, ...partCells(each, interrupted === true)]),
      ),
    )
    const titles = ['sent', 'errors', '429', 'no answer', 'p50', 'p95', 'p99']
    return [
      {
        kind: 'table',
        title: KINDS[kind],
        table: {
          caption: `${KINDS[kind]}, in each phase`,
          columns: [
            { title: 'name' },
            { title: 'phase', isText: true },
            ...titles.map((title) => ({ title })),
          ],
          rows,
          ...(rows.flat().some((cell) => cell.startsWith('~')) && { notes: [ROUGH] }),
        },
      },
    ]
  })
}

function partCells(part: LoadPart, interrupted: boolean): string[] {
  const time = (ms: number | null, label: string) =>
    part.sent === 0 || (ms === null && interrupted)
      ? '-'
      : `${part.uncertain.includes(label) ? '~' : ''}${formatDuration(ms)}`
  return [
    ...[part.sent, part.errors, part.denied, part.pending].map(formatCount),
    time(part.p50Ms, 'p50'),
    time(part.p95Ms, 'p95'),
    time(part.p99Ms, 'p99'),
  ]
}

/** Each of several runs by itself. */
export function repeatBlocks({ repeat }: LoadReport): Block[] {
  if (!repeat) return []
  const { runs, times, quorum } = repeat
  return [
    {
      kind: 'text',
      text: `An SLO holds when it does in ${quorum} of ${times}. The phases above are of all sound runs together, the rest is of the first sound one.`,
    },
    {
      kind: 'table',
      table: {
        caption: 'Each run by itself, during the fault',
        columns: [
          { title: 'run' },
          { title: 'verdict', isText: true },
          { title: 'p50' },
          { title: 'p99' },
          { title: 'errors' },
          { title: 'missed', isText: true },
        ],
        rows: runs.map(({ verdict, phases, slos, reason }, index) => {
          const during = phases.find(({ name }) => name === 'during')
          const missed = slos.filter(({ result }) => result === 'fail').map(({ slo }) => slo)
          return [
            `run ${index + 1}`,
            { text: '', mark: markOf(verdict) },
            during && during.sent > 0 ? formatDuration(during.p50Ms) : '-',
            during && during.sent > 0 ? formatDuration(during.p99Ms) : '-',
            during ? formatCount(during.errors) : '-',
            reason ?? missed.join(', '),
          ]
        }),
      },
    },
  ]
}

import type { LoadPhase } from './load-report.js'
import { formatBytes, formatCount, formatDuration, formatShare } from './format.js'

/** Of a phase or of a part of one. */
export type Shown = LoadPhase<string>

export interface PhaseColumn {
  title: string
  show(phase: Shown, context: { interrupted: boolean }): string
  /** Whether it says something about any of them; without, it always does. */
  says?(phases: readonly Shown[]): boolean
}

const count = (title: string, pick: (phase: Shown) => number): PhaseColumn => ({
  title,
  show: (phase) => formatCount(pick(phase)),
})

/** Left out where it is nought everywhere. */
const rare = (title: string, pick: (phase: Shown) => number, also = (_phase: Shown) => 0): PhaseColumn => ({
  ...count(title, pick),
  says: (phases) => phases.some((phase) => pick(phase) + also(phase) > 0),
})

function time(title: string, pick: (phase: Shown) => number | null, label = title): PhaseColumn {
  return {
    title,
    show: (phase, { interrupted }) => {
      const ms = pick(phase)
      // Nobody knows how long what an interruption cut off would have taken.
      if (phase.sent === 0 || (ms === null && interrupted)) return '-'
      return `${phase.uncertain.includes(label) ? '~' : ''}${formatDuration(ms)}`
    },
  }
}

/** Left out where nobody could see it. */
function seen(
  title: string,
  pick: (phase: Shown) => number | null,
  format: (value: number) => string,
): PhaseColumn {
  return {
    title,
    show: (phase) => {
      const value = pick(phase)
      return value === null ? '-' : format(value)
    },
    says: (phases) => phases.some((phase) => pick(phase) !== null),
  }
}

const perOperation = (used: number | null, { sent }: Shown) =>
  used === null || sent === 0 ? null : used / sent

const p999: PhaseColumn = {
  ...time('p99.9', ({ p999Ms }) => p999Ms, 'p999'),
  // Of too few everywhere, it is the slowest one by another name.
  says: (phases) => phases.some(({ sent, uncertain }) => sent > 0 && !uncertain.includes('p999')),
}

/** What users saw. */
export const USERS: readonly PhaseColumn[] = [
  count('sent', ({ sent }) => sent),
  count('ok', ({ ok }) => ok),
  count('err', ({ errors }) => errors),
  rare('5xx', ({ serverErrors }) => serverErrors),
  rare(
    '429',
    ({ denied }) => denied,
    ({ checks }) => checks,
  ),
  time('p50', ({ p50Ms }) => p50Ms),
  time('p90', ({ p90Ms }) => p90Ms),
  time('p99', ({ p99Ms }) => p99Ms),
  p999,
  time('max', ({ maxMs }) => maxMs),
]

const hit = seen('hit', ({ hitRatio }) => hitRatio, formatShare)
const fallback = seen('fallback', ({ fallbackRatio }) => fallbackRatio, formatShare)
const database = seen(
  'db q/s',
  ({ loads, durationMs, sourcePerSecond }) => (loads === null || durationMs === 0 ? null : sourcePerSecond),
  formatCount,
)

/** What it cost. */
export const COST: readonly PhaseColumn[] = [
  hit,
  fallback,
  database,
  seen('rss', ({ rssMaxBytes }) => rssMaxBytes, formatBytes),
  seen('cpu/op', (phase) => perOperation(phase.cpuMs, phase), formatSmall),
  seen('log/op', (phase) => perOperation(phase.printedBytes, phase), formatBytes),
]

/** In which things change, and in which they have. */
export const TRANSITIONS: readonly PhaseColumn[] = [
  { title: 'lasted', show: ({ durationMs }) => (durationMs === 0 ? '-' : formatDuration(durationMs)) },
  ...USERS.filter(({ title }) => ['sent', 'err', 'p50', 'p99', 'max'].includes(title)),
  hit,
  fallback,
  database,
]

export function saying(columns: readonly PhaseColumn[], phases: readonly Shown[]): PhaseColumn[] {
  return columns.filter(({ says }) => says === undefined || says(phases))
}

/** Of a processor an operation takes far less than a millisecond. */
function formatSmall(ms: number): string {
  return ms < 1 ? `${Math.round(ms * 1000)} us` : formatDuration(ms)
}

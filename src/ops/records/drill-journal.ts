import { UNSTEADY, type DrillReport, type OutageReport } from '../report/drill-report.js'
import { formatDuration, formatQuantity } from '../report/format.js'
import type { Journal, JournalActivity, JournalProbe, JournalRun } from '../report/run-record.js'
import type { FaultSpan } from './fault-spans.js'
import { activity, probe, ranFrom, steadyState } from './journal-run.js'

type Told = Pick<Journal, 'experiment' | 'steady_states' | 'run' | 'rollbacks'>

/**
 * Each drill applies its fault in `run`, and lifts it in `rollbacks`. The steady state before is that each subject was well,
 * the one after that each clause which was judged held.
 */
export function drillJournal(
  report: OutageReport,
  { endedAt, spans }: { endedAt: string; spans: readonly FaultSpan[] },
): Told {
  const { drills, subject, app } = report
  const parts = drills.map((drill, index) =>
    // An app has no name that the command would take.
    partOf(drill, { span: spans[index], endedAt, flags: app ? [] : [['--subject', drill.subject]] }),
  )
  const after = parts.flatMap((part) => part.after)
  return {
    experiment: {
      version: '1.0.0',
      title: `Does anybody notice that ${subject} loses its cache?`,
      description: `cache simulate-outage: ${report.ratePerSecond} operations/s, seed ${report.seed}, on ${report.environment.server}`,
      tags: ['cache', ...new Set(drills.map(({ name }) => name))],
      'steady-state-hypothesis': {
        title: `${subject} keeps its contract`,
        probes: after.map((each) => each.activity),
      },
      method: parts.map(({ applies }) => applies),
      rollbacks: parts.map(({ lifts }) => lifts),
    },
    steady_states: {
      before: steadyState(parts.flatMap((part) => part.before)),
      after: steadyState(after),
      during: [],
    },
    run: parts.flatMap((part) => part.run),
    rollbacks: parts.flatMap((part) => part.rollbacks),
  }
}

interface Part {
  applies: JournalActivity
  lifts: JournalActivity
  before: JournalProbe[]
  after: JournalProbe[]
  run: JournalRun[]
  rollbacks: JournalRun[]
}

interface Around {
  span: FaultSpan | undefined
  endedAt: string
  flags: [flag: string, value: string][]
}

function partOf(drill: DrillReport, { span, endedAt, flags }: Around): Part {
  const { name, witness } = drill
  const same = (type: 'action' | 'probe', text: string) =>
    activity(type, text, ['simulate-outage', ['--drill', name], ...flags])
  const [applies, lifts] = [same('action', `apply ${name}`), same('action', `lift ${name}`)]
  const faultAt = span?.faultAt ?? endedAt
  const healAt = span?.healAt ?? endedAt
  const wasSteady = steadinessOf(drill)
  const wasWell = { passed: wasSteady === true, evidence: drill.reason ?? beforeInWords(drill) }
  const wasApplied = span?.faultAt != null
  return {
    applies,
    lifts,
    before:
      wasSteady === null
        ? []
        : [probe(same('probe', `${name}: well before it`), [span?.beganAt ?? faultAt, faultAt], wasWell)],
    after: drill.clauses
      .filter(({ result }) => result !== 'not judged')
      .map(({ id, title, result, evidence }) => {
        const what = same('probe', `${name}: ${id} ${title}`)
        return probe(what, [healAt, endedAt], { passed: result === 'pass', evidence })
      }),
    // A fault that nobody saw was not applied.
    run: wasApplied
      ? [ranFrom(applies, [faultAt, healAt], { ok: witness.witnessed, output: witness.evidence })]
      : [],
    rollbacks: wasApplied ? [ranFrom(lifts, [healAt, healAt], { ok: true, output: `${name} lifted` })] : [],
  }
}

/** Null: the drill was not sound for another reason, and nothing is known of it. */
function steadinessOf({ reason }: DrillReport): boolean | null {
  if (reason === undefined) return true
  return reason.startsWith(UNSTEADY) ? false : null
}

function beforeInWords({ phases }: DrillReport): string {
  const before = phases.find(({ name }) => name === 'before')
  if (!before) return 'nothing was asked'
  const { operations, errors, p99Ms } = before
  const p99 = p99Ms === null ? 'unknown' : formatDuration(p99Ms)
  return `${formatQuantity(operations, 'operation')}, ${formatQuantity(errors, 'error')}, p99 ${p99}`
}

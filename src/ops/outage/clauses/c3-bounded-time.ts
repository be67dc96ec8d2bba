import type { Measurement } from '../../experiment/measurement.js'
import { latencyMs, latencyOf, operationsIn, PHASES } from '../../experiment/traffic.js'
import { computedFallback } from '../computed-fallback.js'
import { adviceFor } from './client-advice.js'
import type { Budgets, Clause } from './clause.js'
import { answersFor, duration, quantity } from './wording.js'

const answers = answersFor('C3', 'bounded time')

/** In every phase: p99 within its budget, no operation over the hard one, and nothing that never settles. */
export const boundedTime: Clause = {
  id: 'C3',
  title: 'bounded time',
  judge(measurement, budgets) {
    const phases = PHASES.map((name) => ({ name, ...latencyOf(operationsIn(measurement, name)) }))
    const settled = PHASES.flatMap((name) => operationsIn(measurement, name).map(latencyMs)).filter(
      (ms) => ms !== null,
    )
    const total = (pick: (phase: (typeof phases)[number]) => number) =>
      phases.reduce((sum, phase) => sum + pick(phase), 0)
    const pending = total((phase) => phase.pending)
    const operations = pending + total((phase) => phase.settled)
    const worstMs = Math.max(0, ...phases.map((phase) => phase.worstMs ?? 0))
    const p99Ms = Math.max(0, ...phases.map((phase) => phase.p99Ms ?? 0))
    const numbers = {
      operations,
      pending,
      p99Ms,
      worstMs,
      p99BudgetMs: budgets.p99Ms,
      worstBudgetMs: budgets.worstMs,
    }

    const during = phases.find((phase) => phase.name === 'during')
    if (!during || during.settled + during.pending === 0) {
      return answers.notJudged('no operation was due during the fault', numbers)
    }
    const waiting = waitingHits(measurement, budgets)
    const slow = phases.filter(
      (phase) => (phase.p99Ms ?? 0) > budgets.p99Ms || (phase.worstMs ?? 0) > budgets.worstMs,
    )
    if (pending === 0 && slow.length === 0 && waiting === null) {
      return answers.pass(
        `p99 ${duration(p99Ms)}, worst ${duration(worstMs)}, nothing pending of ${quantity(operations, 'operation')}`,
        numbers,
      )
    }
    const late = settled.filter((ms) => ms > budgets.worstMs).length
    const of = quantity(operations, 'operation')
    const computed = computedFallback(measurement)
    // The table shows what was waited in the fault, and that would contradict what was not.
    const elsewhere =
      during.worstMs === worstMs ? undefined : phases.find((phase) => phase.worstMs === worstMs)
    const when = elsewhere ? `, in \`${elsewhere.name}\`,` : ''
    const sentences = [
      pending > 0 && `${pending} of ${of} were still waiting when the drill ended`,
      waiting ?? false,
      late > 0 && `${late} of ${of} took longer than ${duration(budgets.worstMs)}`,
      `the slowest answered one${when} took ${duration(worstMs)}, p99 ${duration(p99Ms)} (budget ${duration(budgets.p99Ms)})`,
      computed !== null &&
        `computed for ${computed.client}: ${computed.worstMs === null ? 'never' : duration(computed.worstMs)} (${computed.because}), measured: ${pending > 0 ? 'never within the drill' : `${duration(worstMs)} in a fault of ${duration(measurement.healAtMs - measurement.faultAtMs)}`}`,
    ].filter((sentence) => sentence !== false)
    return answers.fail(
      {
        happened: `${capitalised(sentences.join('; '))}.`,
        ...usually(measurement),
        ...(ofBackend(measurement) && { show: 'cache audit --rule R11' }),
      },
      { ...numbers, late },
    )
  },
}

const SOURCE_CAUSE =
  'the client of the source waits or tries again for as long as it likes (supabase-js: a read that finds nobody three times more, 7 s in all, and no deadline for an answer), or a cached read waits for it'
const SOURCE_CHANGE =
  'on every query .retry(false) and .abortSignal(AbortSignal.timeout(ms)), and the cache first: what it holds needs no source'

function ofBackend({ sourceTaken, backendTaken }: Measurement): boolean {
  return !sourceTaken || backendTaken === true
}

/** Of both, where both were away. */
function usually(measurement: Measurement): { cause: string; change: string } {
  const { cause, change } = adviceFor(measurement).waiting
  if (!measurement.sourceTaken) return { cause, change }
  if (!ofBackend(measurement)) return { cause: SOURCE_CAUSE, change: SOURCE_CHANGE }
  return { cause: `${cause}; or ${SOURCE_CAUSE}`, change: `${change}; ${SOURCE_CHANGE}` }
}

/** Who is answered from the cache does not wait for a source that is away; null where nobody does. */
function waitingHits({ operations }: Measurement, { p99Ms, sourceWaitMs }: Budgets): string | null {
  const hits = operations.filter(({ process, source }) => process === 'main' && source === 'hit')
  const tookMs = latencyOf(hits).p99Ms ?? 0
  const budgetMs = p99Ms - sourceWaitMs
  if (sourceWaitMs === 0 || tookMs <= budgetMs) return null
  return `reads that the cache answered took ${duration(tookMs)} (p99, budget ${duration(budgetMs)})`
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

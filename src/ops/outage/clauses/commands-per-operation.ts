import type { Measurement, PhaseName } from '../../experiment/measurement.js'
import { limitsOf, operationsIn, PHASES } from '../../experiment/traffic.js'
import type { Budgets } from './clause.js'

/** What an operation cost the backend in one phase. */
interface CommandLoad {
  phase: PhaseName
  perOperation: number
  /** Most that it may be. */
  limit: number
}

/**
 * What makes connections, asks whether they are good and delivers what waits does not depend on what callers ask: so many a
 * second come on top. Measured: 850, where `cut` ends 18 connections a second on which the stores deliver 46 invalidations.
 */
const ANYWAY_PER_SECOND: Readonly<Record<PhaseName, number>> = { before: 100, during: 1000, after: 1000 }

/**
 * Commands, or over REST requests, for each operation and check of a limiter, phase by phase; nothing where nobody counted
 * them. What a request to an app costs when all is well is its own affair: it is judged by what it costs more.
 */
export function commandLoads(
  measurement: Measurement,
  { commandsPerOperation }: Pick<Budgets, 'commandsPerOperation'>,
): CommandLoad[] {
  const { commands, limiting, isAlone } = measurement
  if (commands === undefined) return []
  const loads = PHASES.flatMap((phase) => {
    const [startMs, endMs] = limitsOf(measurement, phase)
    const checks = limiting?.checks.filter((each) => each.startMs >= startMs && each.startMs < endMs) ?? []
    const asked = operationsIn(measurement, phase).length + checks.length
    if (asked === 0) return []
    const anyway = (ANYWAY_PER_SECOND[phase] * (endMs - startMs)) / 1000 / asked
    return [{ phase, perOperation: commands[phase] / asked, limit: commandsPerOperation + anyway }]
  })
  if (!isAlone) return loads
  const usual = loads.find(({ phase }) => phase === 'before')?.perOperation ?? 0
  return loads.map((load) => ({ ...load, limit: load.limit + usual }))
}

/** What is over its limit, at most one: who asks whether the backend is there, without a pause, keeps it from coming back. */
export function stormIn(
  loads: readonly CommandLoad[],
  { overRest }: Pick<Measurement, 'overRest'>,
): { happened: string; cause: string; change: string }[] {
  const [worst] = loads
    .filter(({ perOperation, limit }) => perOperation > limit)
    .toSorted((left, right) => right.perOperation / right.limit - left.perOperation / left.limit)
  if (worst === undefined) return []
  const { phase, perOperation, limit } = worst
  return [
    {
      happened: `The backend got ${perOperation.toFixed(1)} ${overRest ? 'requests' : 'commands'} for each operation in \`${phase}\` (budget ${limit.toFixed(1)}).`,
      cause:
        'something asks again without a pause: a probe (PING) that is answered while what callers ask is not, retries in the client and once more around it, or a loop of reconnects',
      change:
        'one probe at a time, with a pause that grows, and about what callers ask; retries in one place, or none',
    },
  ]
}

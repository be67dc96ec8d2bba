import type { Measurement, PhaseName, Vitals } from '../../experiment/measurement.js'
import { operationsIn } from '../../experiment/traffic.js'
import { adviceFor } from './client-advice.js'
import { commandLoads, stormIn } from './commands-per-operation.js'
import type { Budgets, Clause } from './clause.js'
import { answersFor, bytes, quantity } from './wording.js'

const answers = answersFor('C6', 'bounded resources')
/** A burst of operations that were due together is no backlog. */
const IN_FLIGHT_ANYWAY = 100
/** Names of the numbers, by phase. */
const COMMANDS = {
  before: 'commandsPerOperationBefore',
  during: 'commandsPerOperation',
  after: 'commandsPerOperationAfter',
} as const

/** The process lives, and what it holds and prints does not grow with the length of the outage. */
export const boundedResources: Clause = {
  id: 'C6',
  title: 'bounded resources',
  judge(measurement, budgets) {
    const { died, vitals, faultAtMs } = measurement
    if (died !== null) {
      return answers.fail({
        happened: `The process ended in the middle of the drill: ${died}.`,
        cause:
          'an error event without a listener, or a rejected promise that nobody handled, ends a Node process',
        change: "give every client an 'error' listener and every promise that loses a race a catch",
      })
    }
    const before = vitals.filter(({ atMs }) => atMs < faultAtMs)
    const since = vitals.filter(({ atMs }) => atMs >= faultAtMs)
    const during = operationsIn(measurement, 'during').length
    if (before.length === 0 || since.length === 0 || during === 0) {
      return answers.notJudged('the process was not looked at both before and after the fault began')
    }
    const loads = commandLoads(measurement, budgets)
    const numbers = measured(measurement, before, since)
    const perOperation = Object.fromEntries(loads.map((load) => [COMMANDS[load.phase], load.perOperation]))
    const limit = Math.round((measurement.ratePerSecond * budgets.inFlightMs) / 1000) + IN_FLIGHT_ANYWAY
    const sockets = budgets.socketGrowth + (budgets.socketPerOperation ? limit : 0)
    const excesses: Excess[] = [
      ...excessesOf(numbers, limit, { ...budgets, socketGrowth: sockets }, adviceFor(measurement).kept),
      ...stormIn(loads, measurement),
    ]
    const first = excesses[0]
    if (first === undefined) {
      return answers.pass(
        `at most ${quantity(numbers.inFlight, 'operation')} in flight, ${bytes(numbers.rssGrowthBytes)} and ${quantity(numbers.socketGrowth, 'socket')} more, ${Math.round(numbers.printedBytesPerOperation)} bytes printed per operation`,
        { ...numbers, ...perOperation, inFlightBudget: limit },
      )
    }
    return answers.fail(
      {
        happened: `${excesses.map(({ happened }) => happened).join(' ')}`,
        cause: first.cause,
        change: first.change,
        ...(first.show !== undefined && { show: first.show }),
      },
      { ...numbers, ...perOperation, inFlightBudget: limit },
    )
  },
}

type Measured = Record<
  'inFlight' | 'rssGrowthBytes' | 'socketGrowth' | 'printedBytesPerOperation' | 'sockets',
  number
>

function measured(measurement: Measurement, before: readonly Vitals[], since: readonly Vitals[]): Measured {
  const { healAtMs } = measurement
  const most = (of: readonly Vitals[], pick: (vitals: Vitals) => number) => Math.max(...of.map(pick))
  const printedUntil = (atMs: number) =>
    [...before, ...since].findLast((each) => each.atMs <= atMs)?.printedBytes ?? 0
  const printedBefore = before.at(-1)?.printedBytes ?? 0
  const perOperation = (bytes: number, phase: PhaseName) =>
    bytes / Math.max(1, operationsIn(measurement, phase).length)
  // What every request prints, such as an access log, is not the outage's doing.
  const usual = perOperation(printedBefore - (before[0]?.printedBytes ?? 0), 'before')
  return {
    inFlight: most(since, ({ inFlight }) => inFlight),
    rssGrowthBytes: Math.max(
      0,
      most(since, ({ rssBytes }) => rssBytes) - most(before, ({ rssBytes }) => rssBytes),
    ),
    sockets: most(since, ({ sockets }) => sockets),
    socketGrowth: Math.max(0, most(since, ({ sockets }) => sockets) - most(before, ({ sockets }) => sockets)),
    printedBytesPerOperation: Math.max(
      0,
      perOperation(printedUntil(healAtMs) - printedBefore, 'during') - usual,
    ),
  }
}

interface Excess {
  happened: string
  cause: string
  change: string
  show?: string
}

function excessesOf(
  numbers: Measured,
  inFlightLimit: number,
  budgets: Readonly<Budgets>,
  endKept: string,
): Excess[] {
  const { inFlight, rssGrowthBytes, socketGrowth, printedBytesPerOperation } = numbers
  const excesses: (Excess | false)[] = [
    inFlight > inFlightLimit && {
      happened: `${quantity(inFlight, 'operation')} were in flight at once (budget ${inFlightLimit}).`,
      cause:
        'calls are kept while the backend does not answer, so that their number grows as long as it does not',
      change: endKept,
      show: 'cache audit --rule R11',
    },
    socketGrowth > budgets.socketGrowth && {
      happened: `${numbers.sockets} sockets were open at once, ${socketGrowth} more than before (budget ${budgets.socketGrowth}).`,
      cause: 'new connections are made while old ones are not given up',
      change: 'make one client for the life of the process, and end the one that is replaced',
    },
    rssGrowthBytes > budgets.rssGrowthBytes && {
      happened: `The memory of the process grew by ${bytes(rssGrowthBytes)} (budget ${bytes(budgets.rssGrowthBytes)}).`,
      cause:
        'something is collected for later while the backend is away: commands, promises, or undelivered work',
      change: 'bound every queue and drop the oldest; a cache may forget',
    },
    printedBytesPerOperation > budgets.printedBytesPerOperation && {
      happened: `${Math.round(printedBytesPerOperation)} bytes were printed per operation during the fault (budget ${budgets.printedBytesPerOperation}).`,
      cause: 'every failed call or attempt to connect writes a line, often with a stack',
      change: 'log the first failure of an outage and its end, and count what is between',
    },
  ]
  return excesses.filter((each) => each !== false)
}

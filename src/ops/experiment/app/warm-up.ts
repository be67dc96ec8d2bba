import { describeError } from '../plain-text.js'
import { Stopped } from '../stopping.js'
import { problemOf, valueAt } from './answers.js'
import type { Exchange } from './exchange.js'
import { fill, type Values } from './fill.js'
import type { AppPlan } from './plan.js'
import { probeName, type Probe, type ProbeSet } from '../../config/probes/probe.js'
import { UNSTEADY } from '../../report/drill-report.js'

const ANSWER_WITHIN_MS = 10_000
/** Enough that the first answers of a cold process are not among those that count. */
const ROUNDS = 3

type Asked = Pick<ProbeSet, 'setup' | 'probes' | 'read' | 'write'>

/**
 * Plays the set-up, asks every probe a few times, and has every key written as version 1 and read.
 *
 * @returns what the set-up has captured
 * @throws Stopped when anything is not answered as expected
 */
export async function warmUpApp(
  { setup, probes, read, write }: Asked,
  { workload, revoked }: Pick<AppPlan, 'workload' | 'revoked'>,
  exchange: Exchange,
  onCapture?: (value: string, name: string) => void,
): Promise<Values> {
  const values: Record<string, string> = {}
  const ask = async (probe: Probe, own: Values = {}) => {
    let problem: string | null
    try {
      const answer = await exchange.send(fill(probe, { ...values, ...own }), ANSWER_WITHIN_MS)
      problem = problemOf(probe, answer)
      if (problem === null) return answer
    } catch (error) {
      problem = `${probeName(probe)}: ${describeError(error)}`
    }
    throw new Stopped(
      'unprepared',
      `${UNSTEADY}, with nothing wrong: ${problem}. Mend the probe or the app first`,
    )
  }

  for (const step of setup) {
    const answer = await ask(step)
    for (const [name, place] of Object.entries(step.capture)) {
      const value = valueAt(place, answer)
      if (value === null) {
        throw new Stopped(
          'unprepared',
          `the answer to ${probeName(step)} holds nothing at ${JSON.stringify(place)}, where ${name} is captured from. Mend capture in the --probes file`,
        )
      }
      values[name] = value
      onCapture?.(value, name)
    }
  }
  for (let round = 0; round < ROUNDS; round++) for (const probe of probes) await ask(probe)
  for (const key of [...workload, ...revoked]) {
    if (write) await ask(write, { key, version: '1' })
    if (read) await ask(read, { key })
  }
  return values
}

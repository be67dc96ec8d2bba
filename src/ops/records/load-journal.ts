import type { LoadReport } from '../report/load-report.js'
import type { Journal } from '../report/run-record.js'
import type { FaultSpan } from './fault-spans.js'
import { activity, probe, ranFrom, steadyState } from './journal-run.js'

/** As `drillJournal`: the fault is applied once in each run, and the steady state after it is that the SLOs hold. */
export function loadJournal(
  report: LoadReport,
  { startedAt, endedAt, spans }: { startedAt: string; endedAt: string; spans: readonly FaultSpan[] },
): Pick<Journal, 'experiment' | 'steady_states' | 'run' | 'rollbacks'> {
  const { subject, fault, seed, ratePerSecond, witness, slos } = report
  const same = (type: 'action' | 'probe', name: string) =>
    activity(type, name, ['load-test', ['--fault', fault], ['--subject', subject]])
  const isFaulty = fault !== 'none'
  const [applies, lifts] = [same('action', `apply ${fault}`), same('action', `lift ${fault}`)]
  const seen = { ok: witness?.witnessed ?? false, output: witness?.evidence ?? 'nobody saw it' }
  const load = same('probe', 'load without a fault')
  const applied = spans.flatMap(({ faultAt, healAt }) =>
    isFaulty && faultAt !== null ? [[faultAt, healAt ?? endedAt] as const] : [],
  )
  const judged = slos
    .filter(({ result }) => result !== 'not judged')
    .map(({ slo, result, evidence }) =>
      probe(same('probe', slo), [spans[0]?.beganAt ?? startedAt, endedAt], {
        passed: result === 'pass',
        evidence,
      }),
    )
  return {
    experiment: {
      version: '1.0.0',
      title: `What does ${isFaulty ? fault : 'load'} cost ${subject}?`,
      description: `cache load-test: ${ratePerSecond} operations/s, seed ${seed}, on ${report.environment.server}`,
      tags: ['cache', 'load', ...(isFaulty ? [fault] : [])],
      'steady-state-hypothesis': {
        title: `${subject} keeps its SLOs`,
        probes: judged.map((each) => each.activity),
      },
      method: [isFaulty ? applies : load],
      rollbacks: isFaulty ? [lifts] : [],
    },
    steady_states: { before: null, after: steadyState(judged), during: [] },
    run: isFaulty
      ? applied.map((times) => ranFrom(applies, times, seen))
      : [
          ranFrom(load, [startedAt, endedAt], {
            ok: true,
            output: report.inWords ?? 'nothing was concluded',
          }),
        ],
    rollbacks: applied.map(([, at]) => ranFrom(lifts, [at, at], { ok: true, output: `${fault} lifted` })),
  }
}

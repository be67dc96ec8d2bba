import type { NarrowingReport, OutageReport } from '../../drill-report.js'
import type { LoadReport } from '../../load-report.js'

/** The commands that run the same once more, as far as a report knows how it was run; one for each subject. */
export function drillsAgain(report: OutageReport): string[] {
  const { drills, seed, ratePerSecond, plan, app, sharedServer, narrowing } = report
  const subjects = [...new Set(drills.map(({ subject }) => subject))]
  // How an app is started, which server of somebody's it was, and what a scenario said, a report does not repeat.
  if (app || sharedServer || drills.some(({ timeline }) => timeline) || !subjects.every(isOurs)) return []
  return subjects.map((subject) =>
    commandOf([
      'cache simulate-outage',
      `--subject ${quoted(subject)}`,
      ...drills.filter((drill) => drill.subject === subject).map(({ name }) => `--drill ${quoted(name)}`),
      // Of several subjects each has a rate of its own, and the report knows only the highest.
      ...runFlags({ seed, plan, ...(subjects.length === 1 && { ratePerSecond }) }),
      ...narrowingFlags(narrowing),
    ]),
  )
}

/** The same for a load test. */
export function loadAgain(report: LoadReport): string[] {
  const { subject, fault, arrivals = 'constant', slos, merged, phases, repeat } = report
  const isApp = phases.some(({ parts = [] }) => parts.some(({ kind }) => kind === 'endpoint'))
  if (merged !== undefined || isApp || !isOurs(subject)) return []
  return [
    commandOf([
      'cache load-test',
      `--subject ${quoted(subject)}`,
      ...(fault === 'none' ? [] : [`--fault ${quoted(fault)}`]),
      ...runFlags(report),
      ...(repeat ? [`--repeat ${repeat.times}`, `--quorum ${repeat.quorum}`] : []),
      ...(arrivals === 'constant' ? [] : [`--arrivals ${quoted(arrivals)}`]),
      ...slos.filter(({ from }) => from === undefined).map(({ slo }) => `--slo ${quoted(slo)}`),
    ]),
  ]
}

/** Not somebody's module, which has the name of its file. */
function isOurs(subject: string): boolean {
  return /^[a-z0-9-]+$/.test(subject)
}

function runFlags({
  seed,
  ratePerSecond,
  plan,
}: Pick<LoadReport, 'seed' | 'plan'> & { ratePerSecond?: number }): string[] {
  return [
    `--seed ${seed}`,
    ...(ratePerSecond === undefined ? [] : [`--rate ${ratePerSecond}`]),
    `--before ${flagText(plan.beforeMs)}`,
    `--during ${flagText(plan.duringMs)}`,
    `--after ${flagText(plan.afterMs)}`,
  ]
}

function narrowingFlags({ only, family, probability }: NarrowingReport = {}): string[] {
  return [
    ...(only ? [`--only ${quoted(only.join(','))}`] : []),
    ...(family === undefined ? [] : [`--family ${quoted(family)}`]),
    ...(probability === undefined ? [] : [`--probability ${probability}`]),
  ]
}

/** A time as a flag takes it. */
function flagText(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
}

function commandOf(parts: readonly string[]): string {
  return parts.join(' ')
}

/** For a shell, which then takes it for one word and for nothing else. */
function quoted(word: string): string {
  return /^[\w./:,@#-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

import type { RunbookRunReport, StepReport, StepStatus } from '../report/runbook-report.js'
import { stepsAt } from './anchor.js'
import { refuseDangers, refusePlaceholders } from './dangers.js'
import { checkRequirements, environmentOf } from './environment.js'
import { loadRunbook } from './load.js'
import { ProcessGroups } from './process-group.js'
import { runStep, unrun } from './run-step.js'
import type { Runbook, Step } from './runbook.js'

export type RunbookEvent = { type: 'step'; index: number; of: number; name: string }

export interface RunbookOptions {
  /** `FILE`, `FILE#anchor`, or the name of a built-in runbook. */
  address: string
  /** Directory of the built-in runbooks. */
  builtIns: string
  /** `bin/run.js` of this very program, for `cache` blocks. */
  cli: string
  /** Somebody is at the terminal, so manual steps are theirs; otherwise they are skipped. @default false */
  attended?: boolean
  /** @default process.env */
  env?: Record<string, string | undefined>
  signal?: AbortSignal
  onEvent?: (event: RunbookEvent) => void
  /** Milliseconds that only grow. @default performance.now */
  now?: () => number
}

/**
 * Runs a runbook's steps in order and says how each went. The first that does not pass ends it; cleanup steps run at the
 * end whatever happened, and an abort does not reach them.
 *
 * @throws UsageError for a document, anchor or attribute that cannot be used; EnvironmentError when a program or a
 * variable is missing; SafetyError for a dangerous command. In each case nothing has run.
 */
export async function runRunbook(options: RunbookOptions): Promise<RunbookRunReport> {
  const { runbook, file, anchor, builtIn } = await loadRunbook(options.address, options.builtIns)
  const steps = stepsAt(runbook, anchor)
  const env = options.env ?? process.env
  refuseDangers(steps, runbook.path)
  refusePlaceholders(steps, runbook.path)
  checkRequirements(steps, runbook.path, env)
  const reports = await runSteps(steps, runbook, { ...options, env })
  const untold = reports.find(({ status }) => status === 'inconclusive')
  const reason = reports.every(({ durationMs }) => durationMs === null)
    ? nothingRan(runbook, reports)
    : untold && `${untold.name} could not be told`
  return {
    schema: 'cache.runbook-run/1',
    command: 'runbook run',
    verdict: verdictOf(reports),
    runbook: { title: runbook.title, path: file, anchor, builtIn },
    steps: reports,
    summary: summaryOf(reports),
    ...(reason !== undefined && { reason }),
    ...(options.signal?.aborted && { interrupted: true as const }),
  }
}

async function runSteps(
  steps: readonly Step[],
  { path }: Runbook,
  { env = {}, attended, cli, signal, onEvent, now = () => performance.now() }: RunbookOptions,
): Promise<StepReport[]> {
  const inOrder = [...steps.filter(({ cleanup }) => !cleanup), ...steps.filter(({ cleanup }) => cleanup)]
  const groups = new ProcessGroups()
  const reports: StepReport[] = []
  let stopped: string | undefined
  try {
    for (const [index, step] of inOrder.entries()) {
      if (signal?.aborted) stopped ??= 'the run was interrupted'
      if (stopped !== undefined && !step.cleanup) {
        reports.push(unrun(step, 'not run', stopped))
      } else if (step.manual) {
        reports.push(manual(step, attended ?? false))
      } else {
        onEvent?.({ type: 'step', index, of: inOrder.length, name: step.name })
        const context = { groups, path, cli, now, env: environmentOf(step, env) }
        const report = await runStep(step, step.cleanup || !signal ? context : { ...context, signal })
        reports.push(report)
        if (report.status === 'inconclusive') stopped ??= `${step.name} could not be told`
        else if (report.status !== 'passed') stopped ??= `${step.name} did not pass`
      }
    }
  } finally {
    await groups.end()
  }
  return reports
}

function manual(step: Step, attended: boolean): StepReport {
  return attended
    ? unrun(step, 'manual', 'for you to do')
    : unrun(step, 'skipped', 'manual, and nobody is at a terminal')
}

function verdictOf(steps: readonly StepReport[]): RunbookRunReport['verdict'] {
  if (steps.some(({ status }) => status === 'failed' || status === 'timed out')) return 'fail'
  const open: StepStatus[] = ['inconclusive', 'interrupted', 'not run']
  if (steps.some(({ status }) => open.includes(status))) return 'inconclusive'
  return steps.some(({ status }) => status === 'passed') ? 'pass' : 'inconclusive'
}

function nothingRan({ ignored, path }: Runbook, steps: readonly StepReport[]): string {
  if (steps.length > 0) return 'every step is left to a person, so nothing is proved'
  const others = ignored.length > 0 ? ` Its ${ignored.join(', ')} blocks do not run.` : ''
  return `${path} has nothing to run here: no bash, sh or cache block.${others}`
}

function summaryOf(steps: readonly StepReport[]): RunbookRunReport['summary'] {
  const count = (wanted: StepStatus) => steps.filter(({ status }) => status === wanted).length
  return {
    passed: count('passed'),
    failed: count('failed'),
    timedOut: count('timed out'),
    inconclusive: count('inconclusive'),
    interrupted: count('interrupted'),
    manual: count('manual'),
    skipped: count('skipped'),
    notRun: count('not run'),
    assertions: steps.reduce((sum, { assertions }) => sum + assertions.length, 0),
  }
}

import type { AssertionReport, StepReport } from '../report/runbook-report.js'
import { assert } from './assert.js'
import type { Ended } from './process-group.js'
import type { Ran } from './ran.js'
import { runCommandLines } from './run-command-lines.js'
import { runScript } from './run-script.js'
import type { Step } from './runbook.js'
import type { StepContext } from './step-context.js'

const SHOWN_CHARACTERS = 4096

/** What is to be said of a step that does not run. */
export function unrun(step: Step, status: StepReport['status'], reason: string): StepReport {
  return { ...known(step), status, reason, durationMs: null, exitCode: null, assertions: [], output: '' }
}

/** Runs one step and judges what it printed. Never throws for what the step does. */
export async function runStep(step: Step, context: StepContext): Promise<StepReport> {
  const startedMs = context.now()
  const { ran, attempts } = await runUntilTold(step, context)
  const durationMs = Math.round(context.now() - startedMs)
  const { exitCode } = ran.ended
  const output = ran.transcript.whole
  const all = [...ran.assertions, ...step.expectations.map((each) => assert(each, { output, exitCode }))]
  const told = !couldNotTell(step, ran)
  const assertions = told ? all : all.map(unlessMet)
  const reason = told ? reasonOf(step, ran, assertions, output) : untold(attempts)
  return {
    ...known(step),
    status: reason === undefined ? 'passed' : told ? statusOf(ran.ended) : 'inconclusive',
    ...(attempts > 1 && { attempts }),
    ...(reason !== undefined && { reason, command: ran.failedAt?.text.trimEnd() ?? step.source }),
    durationMs,
    exitCode,
    assertions,
    output: output.trim().slice(-SHOWN_CHARACTERS),
  }
}

/** Runs a step again as long as it cannot tell, has attempts left and the time for them. */
async function runUntilTold(step: Step, context: StepContext): Promise<{ ran: Ran; attempts: number }> {
  const endMs = context.now() + step.timeoutMs
  for (let attempts = 1; ; attempts++) {
    const startedMs = context.now()
    const attempt = { ...step, timeoutMs: endMs - startedMs }
    const ran = await (step.language === 'cache' ? runCommandLines : runScript)(attempt, context)
    const leftMs = endMs - context.now()
    // Another one would take as long, and be cut off.
    const isLast = attempts === step.attempts || leftMs < context.now() - startedMs
    if (isLast || context.signal?.aborted || !couldNotTell(step, ran)) return { ran, attempts }
  }
}

/** Exit code 3 of our own commands: inconclusive, or unreachable. */
function couldNotTell({ language }: Step, { ended, badExit }: Ran): boolean {
  return language === 'cache' && badExit && ended.by === null && ended.exitCode === 3
}

/** What was printed instead of a result says nothing about an expectation. */
function unlessMet(assertion: AssertionReport): AssertionReport {
  return assertion.result === 'fail' ? { ...assertion, result: 'not judged', actual: null } : assertion
}

function untold(attempts: number): string {
  return `it could not be told (exit code 3)${attempts > 1 ? `, ${attempts} times` : ''}`
}

function known({ name, heading, line, language, cleanup, source, guidance }: Step) {
  return { name, heading, line, language, cleanup, guidance, command: source }
}

function statusOf({ by }: Ended): StepReport['status'] {
  return by === null ? 'failed' : by === 'deadline' ? 'timed out' : 'interrupted'
}

/** Why a step did not pass; undefined when it did. */
function reasonOf(
  step: Step,
  { ended, badExit }: { ended: Ended; badExit: boolean },
  assertions: StepReport['assertions'],
  output: string,
): string | undefined {
  if (ended.failure !== undefined) return `it could not be started: ${ended.failure}`
  if (ended.by === 'deadline') return `not done within ${step.timeoutMs / 1000} s`
  if (ended.by === 'interruption') return 'stopped while it was running'
  const unmet = assertions.find(({ result }) => result === 'fail')
  const reasons = [
    ...(badExit ? [`${exitWords(ended.exitCode)}${unsetWords(output)}`] : []),
    ...(unmet ? [`expected ${unmet.text}, got ${unmet.actual ?? 'nothing'}`] : []),
  ]
  if (reasons.length > 0) return reasons.join('; ')
  const unseen = assertions.find(({ result }) => result === 'not judged')
  return unseen && `the run never came to the expectation ${unseen.text}`
}

function exitWords(exitCode: number | null): string {
  if (exitCode === null) return 'it was killed'
  const meanings: Record<number, string> = { 126: ': not executable', 127: ': command not found' }
  return `exit code ${exitCode}${meanings[exitCode] ?? ''}`
}

function unsetWords(output: string): string {
  const name = /(\w+): (?:unbound variable|parameter not set)\s*$/.exec(output)?.[1]
  return name === undefined ? '' : `: ${name} is not set; a block sees what its fence declares, env=${name}`
}

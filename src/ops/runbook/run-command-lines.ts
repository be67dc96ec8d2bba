import type { AssertionReport } from '../report/runbook-report.js'
import { assert, notJudged } from './assert.js'
import { argumentsOf } from './cache-block.js'
import type { Ended } from './process-group.js'
import { expectsExitCode, type Ran } from './ran.js'
import type { Step } from './runbook.js'
import type { StepContext } from './step-context.js'
import { Transcript } from './transcript.js'

/**
 * Runs the lines of a `cache` block one after the other, each as this very program, until one fails. Expectations look at
 * stdout, where results are.
 */
export async function runCommandLines(step: Step, context: StepContext): Promise<Ran> {
  const transcript = new Transcript('')
  const assertions: AssertionReport[] = []
  const end = context.now() + step.timeoutMs
  let ended: Ended = { exitCode: 0, by: null }
  for (const [index, command] of step.commands.entries()) {
    const where = { path: context.path, line: command.line }
    ended = await context.groups.run({
      file: process.execPath,
      args: [context.cli, ...argumentsOf(command.text, where)],
      env: context.env,
      deadlineMs: Math.max(0, end - context.now()),
      ...(context.signal && { signal: context.signal }),
      onStdout: (text) => transcript.push(text),
      onStderr: (text) => transcript.note(text),
    })
    const { exitCode } = ended
    const output = transcript.cut(index)
    const judged = command.expectations.map((each) => assert(each, { output, exitCode }))
    assertions.push(...judged)
    const badExit = exitCode !== 0 && !expectsExitCode(step, [command])
    if (badExit || judged.some(({ result }) => result !== 'pass')) {
      const later = step.commands.slice(index + 1).flatMap(({ expectations }) => expectations)
      return {
        ended,
        badExit,
        transcript,
        assertions: [...assertions, ...later.map(notJudged)],
        failedAt: command,
      }
    }
  }
  return { ended, badExit: false, transcript, assertions, failedAt: undefined }
}

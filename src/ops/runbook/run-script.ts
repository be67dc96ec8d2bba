import { randomBytes } from 'node:crypto'
import type { AssertionReport } from '../report/runbook-report.js'
import { assert, notJudged } from './assert.js'
import { expectsExitCode, type Ran } from './ran.js'
import type { Step } from './runbook.js'
import { shellScript } from './shell-script.js'
import type { StepContext } from './step-context.js'
import { Transcript } from './transcript.js'

/** Runs a shell block in one shell of its language. */
export async function runScript(step: Step, context: StepContext): Promise<Ran> {
  const transcript = new Transcript(randomBytes(9).toString('base64url'))
  const ended = await context.groups.run({
    file: step.language,
    args: ['-c', shellScript(step, (command) => transcript.marker(command)), context.path],
    env: context.env,
    deadlineMs: step.timeoutMs,
    ...(context.signal && { signal: context.signal }),
    onStdout: (text) => transcript.push(text),
    onStderr: (text) => transcript.push(text),
  })
  const { exitCode } = ended
  // A script that stopped early printed its last words for the command that has no marker yet.
  const stoppedAt = exitCode === 0 ? undefined : transcript.lastCommand + 1
  if (stoppedAt !== undefined) transcript.cut(stoppedAt)
  const judged = step.commands.map((command, index) =>
    command.expectations.map((expectation): AssertionReport => {
      const each = transcript.outputsOf(index).map((output) => assert(expectation, { output, exitCode }))
      return each.find(({ result }) => result === 'fail') ?? each.at(-1) ?? notJudged(expectation)
    }),
  )
  const withResult = (wanted: AssertionReport['result']) =>
    step.commands.filter((_, index) => judged[index]?.some(({ result }) => result === wanted))
  return {
    ended,
    badExit: exitCode !== 0 && !expectsExitCode(step),
    transcript,
    assertions: judged.flat(),
    failedAt: withResult('fail')[0] ?? step.commands[stoppedAt ?? -1] ?? withResult('not judged')[0],
  }
}

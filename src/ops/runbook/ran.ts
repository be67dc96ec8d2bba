import type { AssertionReport } from '../report/runbook-report.js'
import type { Ended } from './process-group.js'
import type { Command, Step } from './runbook.js'
import type { Transcript } from './transcript.js'

/** What became of a step's block. */
export interface Ran {
  ended: Ended
  /** It ended with a code other than 0, and nothing expected one. */
  badExit: boolean
  transcript: Transcript
  assertions: AssertionReport[]
  /** The command that it stopped at, else the one whose expectation was not met. */
  failedAt: Command | undefined
}

/** Whether the step itself says which exit code is right. */
export function expectsExitCode(step: Step, commands: readonly Command[] = step.commands): boolean {
  const all = [...commands.flatMap(({ expectations }) => expectations), ...step.expectations]
  return all.some(({ kind }) => kind === 'exit')
}

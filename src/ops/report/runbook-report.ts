import type { Report } from './report.js'

/**
 * How a step ended. `manual`: it waits for the person at the terminal. `skipped`: nobody is there to do it. `not run`:
 * something before it did not pass. `interrupted`: it was running at Ctrl-C. `inconclusive`: a command of this program could
 * not tell (its exit code 3), which is neither good nor bad news.
 */
export type StepStatus =
  'passed' | 'failed' | 'timed out' | 'inconclusive' | 'interrupted' | 'manual' | 'skipped' | 'not run'

export interface AssertionReport {
  /** The expectation as the document has it, such as `< 10 ms`. */
  text: string
  /** Line of the document. */
  line: number
  /** `not judged`: the run never came to it. It never counts as a pass. */
  result: 'pass' | 'fail' | 'not judged'
  /** What was found instead or as well, in a few words; null when there was nothing to look at. */
  actual: string | null
}

export interface StepReport {
  name: string
  /** The heading that the step stands under; empty before the first one. */
  heading: string
  /** Line of the document on which the step's block begins. */
  line: number
  language: 'bash' | 'sh' | 'cache'
  cleanup: boolean
  status: StepStatus
  /** Null for what did not run. */
  durationMs: number | null
  /** How often it ran, where that is more than once; all else is about the last time. */
  attempts?: number
  /** Null for what did not run and for what was killed. */
  exitCode: number | null
  /** Why it did not pass, in one sentence; absent for what passed. */
  reason?: string
  assertions: AssertionReport[]
  /** The step as written; for one that failed only the commands it failed at. */
  command: string
  /** The end of what the step printed, stdout and stderr together; at most 4096 characters. */
  output: string
  /** What the document says to do `If …` the step fails, as Markdown; empty when it says nothing. */
  guidance: string
}

export interface RunbookRunReport extends Report {
  command: 'runbook run'
  runbook: {
    /** The document's first heading, else its file name. */
    title: string
    path: string
    /** The one section that ran; null for the whole document. */
    anchor: string | null
    builtIn: boolean
  }
  steps: StepReport[]
  summary: {
    passed: number
    failed: number
    timedOut: number
    inconclusive: number
    interrupted: number
    manual: number
    skipped: number
    notRun: number
    assertions: number
  }
  /** Why the verdict is inconclusive, when it is. */
  reason?: string
}

import type { RunbookRunReport, StepReport } from '../report/runbook-report.js'
import type { TestCase, TestSuite } from '../report/writers/junit.js'

/** A run as tests, one a step. What did not run is skipped with its reason. */
export function runbookSuite({ runbook, steps }: RunbookRunReport): TestSuite {
  return { name: runbook.title, cases: steps.map((step) => testCase(step, runbook.path)) }
}

function testCase(step: StepReport, file: string): TestCase {
  const { name, heading, line, status, durationMs, reason, assertions, command, output } = step
  const passed = status === 'passed'
  const broken = status === 'failed' || status === 'timed out'
  const untold = status === 'inconclusive'
  const judged = assertions.map(
    ({ text, result, actual }) => `${result}: expected ${text}, got ${actual ?? '-'}`,
  )
  return {
    name,
    group: heading || file,
    file,
    line,
    ...(durationMs !== null && { durationMs }),
    result: passed ? 'passed' : broken ? 'failed' : untold ? 'error' : 'skipped',
    ...(!passed && { message: `${status}: ${reason ?? ''}` }),
    ...((broken || untold) && { details: [command, ...judged].join('\n') }),
    ...(output !== '' && { output }),
  }
}

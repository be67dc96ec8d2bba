import type { Report } from '../ops/report/report.js'
import { writeJson } from '../ops/report/writers/json.js'
import { asksForJson } from './asks-for-json.js'
import { exitCodeOf } from './exit-codes.js'
import { createRedactor } from './redactor.js'
import { errorReport, errorText, stackOf, toReportError } from './report-error.js'
import { isReaderGone, Sink } from './sink.js'

export interface CrashReporter {
  /** The command that runs, once it is known. */
  command: string | undefined
  /** Says what went wrong outside any command, such as an unknown one, and sets the exit code. */
  conclude(error: unknown): void
}

/** What no command caught still ends in words, one JSON document under `--json`, and an exit code that is never 0. */
export function watchForCrash(argv: readonly string[]): CrashReporter {
  const sink = new Sink(createRedactor())
  const reporter: CrashReporter = {
    command: undefined,
    // Synchronous, because the process may be about to end.
    conclude(error) {
      const report: Report =
        reporter.command === undefined
          ? {
              schema: 'cache.error/1',
              command: 'cache',
              verdict: 'inconclusive',
              error: toReportError(error),
            }
          : errorReport(reporter.command, error)
      // A command that has set its exit code has printed its document.
      const isFirst = process.exitCode === undefined
      process.exitCode = exitCodeOf(report)
      const stack = stackOf(error)
      if (stack) sink.lastWords(stack)
      if (isFirst && asksForJson(argv)) sink.lastReport(report, writeJson)
      else if (report.error) sink.lastWords(errorText(report.error, 'cache --help'))
    },
  }
  const onCrash = (error: unknown) => {
    if (error instanceof Error && isReaderGone(error)) return
    reporter.conclude(error)
    process.exit()
  }
  process.on('uncaughtException', onCrash)
  process.on('unhandledRejection', onCrash)
  process.on('exit', () => {
    if (process.exitCode === undefined) reporter.conclude(new Error('the command ended without a result'))
  })
  for (const stream of [process.stdout, process.stderr]) {
    // oclif's listener throws what is not EPIPE; the sink already answers for what it could not write.
    stream.removeAllListeners('error')
    stream.on('error', () => {})
  }
  return reporter
}

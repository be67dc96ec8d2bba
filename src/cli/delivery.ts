import { errorAnalysis, type Analysis } from '../ops/report/analysis.js'
import { errorDigest, type Digest } from '../ops/report/digest.js'
import { digestSuite } from '../ops/report/digest-suite.js'
import { EnvironmentError } from '../ops/report/errors.js'
import type { Page } from '../ops/report/html/page.js'
import type { Report } from '../ops/report/report.js'
import { writeGithub } from '../ops/report/writers/github.js'
import { writeJson, writeJsonLine } from '../ops/report/writers/json.js'
import { writeJunit, type TestSuite } from '../ops/report/writers/junit.js'
import { writeMarkdown } from '../ops/report/writers/markdown.js'
import { writeSarif } from '../ops/report/writers/sarif.js'
import { EXIT, exitCodeOf, type StopSignal } from './exit-codes.js'
import { unguarded } from './guarded-streams.js'
import type { Output, Reporter } from './outputs.js'
import { errorText, stackOf, toReportError } from './report-error.js'
import { isReaderGone, type Sink } from './sink.js'
import { plainTerminal, type Terminal } from './terminal.js'

/** What a command concluded: for machines, and for a reader. */
export interface Outcome<R extends Report = Report> {
  report: R
  /**
   * The report rendered for a terminal, a pipe or a file; ends without a newline or with one.
   *
   * @param shown the report without secrets: what a server said, or a step printed, is to be taken from it
   */
  text(terminal: Terminal, shown: R): string
  /** The report as tests, for a command that offers the format `junit`. */
  junit?(report: R): TestSuite
  /** What it has to say, for a command that offers `markdown` or `github`; its tests too, unless there is `junit`. */
  digest?(report: R): Digest
  /** The report as an analysis of code, for a command that offers `sarif`. */
  analysis?(report: R): Analysis
  /** Loads what makes a page of it, for a command that offers `html`: nobody else waits for that. */
  page?(): Promise<PageMaker<R>>
  /** Keeps it for later, before it is printed; once, of a run that may be partial. What goes wrong in there is a warning of its own. */
  keep?(report: R): Promise<Kept | null>
  /** It was judged when it was made, and is only shown: whatever its verdict, the exit code is 0. */
  isShown?: true
}

/** What has been loaded to make a page of a report. */
export interface PageMaker<R extends Report = Report> {
  pageOf(report: R): Page
}

/** Where a report was kept. */
export interface Kept {
  file: string
  /** The command that shows it. */
  show: string
}

export interface DeliveryOptions {
  sink: Sink
  /** How stdout is written. */
  reporter: Reporter
  outputs: readonly Output[]
  terminal: Terminal
  /** The command that explains the command line, such as `cache doctor --help`. */
  see: string
}

/** Brings one result to stdout and to the files asked for, and sets the exit code that it means. */
export class Delivery {
  readonly #options: DeliveryOptions
  #printed = false
  /** Collected in the report, because a script reads no stderr. */
  readonly warnings: string[] = []

  constructor(options: DeliveryOptions) {
    this.#options = options
  }

  get hasPrinted(): boolean {
    return this.#printed
  }

  /** Delivers early. Until the command has ended as well, any other end of the process is a bug of ours. */
  async publish(outcome: Outcome): Promise<void> {
    await this.deliver(outcome)
    process.exitCode = EXIT.bug
  }

  /** Prints once: a second delivery only sets the exit code and writes the files again. */
  async deliver(outcome: Outcome, by?: StopSignal): Promise<Report> {
    const { sink, reporter, terminal } = this.#options
    const kept = this.#printed
      ? null
      : await outcome.keep?.(sink.withoutSecrets(this.#completed(outcome.report, by)))
    let report = this.#completed(outcome.report, by)
    const write = await writerOf(reporter, outcome)
    const text = write ? '' : withNewline(outcome.text(terminal, sink.forLayout(report)))
    try {
      await this.#writeFiles({ ...outcome, report })
    } catch (error) {
      report = { ...report, error: toReportError(error) }
    }
    const isHarmless = outcome.isShown === true && report.error === undefined && by === undefined
    process.exitCode = isHarmless ? EXIT.pass : exitCodeOf(report, by)
    const isFirst = !this.#printed
    this.#printed = true
    if (isFirst) {
      const stdout = unguarded(process.stdout)
      if (write) await this.#reachStdout(sink.report(stdout, report, write))
      else if (text !== '\n') await this.#reachStdout(sink.text(stdout, text, terminal.style.colour))
    }
    if (!isJson(reporter) || !isFirst) await this.#explain(report)
    if (kept && !isJson(reporter) && !terminal.quiet) await this.#tellKept(kept)
    return report
  }

  /** A command that could not conclude: the document with `error` on stdout under `--json`, its words on stderr otherwise. */
  async deliverError(report: Report, cause: unknown, by?: StopSignal): Promise<Report> {
    const stack = stackOf(cause)
    if (stack) await this.#options.sink.text(unguarded(process.stderr), stack)
    if (by && !report.error && !isJson(this.#options.reporter)) {
      await this.#options.sink.text(unguarded(process.stderr), 'Stopped before there was a result.\n')
    }
    return this.deliver({ report, text: () => '' }, by)
  }

  #completed(report: Report, by: StopSignal | undefined): Report {
    const warnings = [...(report.warnings ?? []), ...this.warnings]
    return {
      ...report,
      ...(by !== undefined && { interrupted: true as const }),
      ...(warnings.length > 0 && { warnings }),
    }
  }

  /** Writes a file now, in one format; throws EnvironmentError when it cannot be written. */
  async write(output: Output, outcome: Outcome): Promise<void> {
    const { report, text } = outcome
    const { sink, see, terminal } = this.#options
    const plain = { ...plainTerminal, ascii: terminal.ascii }
    const rendered = () => text(plain, sink.forLayout(report))
    try {
      const write = await writerOf(output.format, outcome)
      if (write) sink.reportFile(output, report, write)
      else
        sink.textFile(output, withNewline(rendered() || (report.error ? errorText(report.error, see) : '')))
    } catch (error) {
      throw notWritten(error, ` to ${output.path}`)
    }
  }

  async #writeFiles(outcome: Outcome): Promise<void> {
    const failures: unknown[] = []
    for (const output of this.#options.outputs) {
      // One disk that is full takes no other file with it.
      await this.write(output, outcome).catch((error: unknown) => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  }

  async #tellKept({ file, show }: Kept): Promise<void> {
    const text = `record   ${file}\n         ${show}\n`
    await this.#options.sink.text(unguarded(process.stderr), text)
  }

  async #explain({ error }: Report): Promise<void> {
    if (error) await this.#options.sink.text(unguarded(process.stderr), errorText(error, this.#options.see))
  }

  async #reachStdout(written: Promise<void>): Promise<void> {
    try {
      await written
    } catch (error) {
      const failure = toReportError(notWritten(error))
      process.exitCode = exitCodeOf({ schema: '', command: '', verdict: 'inconclusive', error: failure })
      await this.#options.sink.text(unguarded(process.stderr), errorText(failure))
    }
  }
}

/** Undefined for text, which is rendered for a reader and not from the report alone. */
async function writerOf(
  format: Reporter,
  { junit, digest, analysis, page }: Outcome,
): Promise<((report: Report) => string) | undefined> {
  // A CI system that finds no file, or no test in it, may call that green: a report without a result has one item, too.
  const digestOf = digest ?? errorDigest
  switch (format) {
    case 'text':
      return undefined
    case 'json':
      return writeJson
    case 'jsonl':
      return writeJsonLine
    case 'junit':
      return (report) => writeJunit(junit?.(report) ?? digestSuite(digestOf(report)))
    case 'sarif':
      return (report) => writeSarif((analysis ?? errorAnalysis)(report))
    case 'markdown':
      return (report) => writeMarkdown(digestOf(report))
    case 'github':
      return (report) => writeGithub(digestOf(report))
    case 'html': {
      const { writeHtml } = await import('../ops/report/writers/html.js')
      const { errorPage } = await import('../ops/report/html/pages/error-page.js')
      const maker = await page?.()
      return (report) => writeHtml(maker ? maker.pageOf(report) : errorPage(report))
    }
  }
}

/** A program reads stdout, and finds the error in there. */
function isJson(reporter: Reporter): boolean {
  return reporter === 'json' || reporter === 'jsonl'
}

function notWritten(cause: unknown, where = ''): unknown {
  if (!(cause instanceof Error) || !('code' in cause) || isReaderGone(cause)) return cause
  return new EnvironmentError(
    'OUTPUT_NOT_WRITTEN',
    `The result could not be written${where}: ${cause.message}.`,
    [],
    { cause },
  )
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`
}

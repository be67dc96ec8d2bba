import { Command, type Interfaces } from '@oclif/core'
import { UsageError } from '../ops/report/errors.js'
import type { Report } from '../ops/report/report.js'
import { writeJson, writeJsonLine } from '../ops/report/writers/json.js'
import { asksForJson } from './asks-for-json.js'
import { Delivery, type Outcome } from './delivery.js'
import { globalFlags } from './global-flags.js'
import { unguarded } from './guarded-streams.js'
import { isAbort, listenForInterruption, type Interruption } from './interruption.js'
import { parseOutputs, type Output, type Reporter } from './outputs.js'
import { createProgress, progressMode, type Progress } from './progress.js'
import { createRedactor, type Redactor } from './redactor.js'
import { errorReport } from './report-error.js'
import { sanitise } from './sanitise.js'
import { Sink } from './sink.js'
import { wantsColour } from './style.js'
import { createTerminal, plainTerminal, wantsAscii, type Terminal } from './terminal.js'
import { toUsageError } from './usage-error.js'

export type { Outcome } from './delivery.js'

type FlagsOf<T extends typeof Command> = Interfaces.InferredFlags<typeof globalFlags & T['flags']>
type ArgsOf<T extends typeof Command> = Interfaces.InferredArgs<T['args']>

/** What a command works with. */
export interface Context<T extends typeof Command> {
  flags: FlagsOf<T>
  args: ArgsOf<T>
  /** Aborts at Ctrl-C: undo what was started, then return what there is. */
  signal: AbortSignal
  progress: Progress
  /** What stdout can show. */
  terminal: Terminal
  /** Something the reader should know; also lands in the report's `warnings`. */
  warn(text: string): void
  /** Prints documents now, a line each, for a command that streams under `--jsonl`; the report is the last line. */
  lines(documents: readonly object[]): Promise<void>
  /** Prints the outcome now, for a command that then stays in the foreground. What `execute` returns is not printed again. */
  publish(outcome: Outcome): Promise<void>
  /** Writes a file that nobody has asked for with `--output`. */
  write(output: Output, outcome: Outcome): Promise<void>
}

/**
 * A command is a view: flags in, an engine called, an `Outcome` out. Printing, files, secrets, signals and the exit code
 * are done here, and are the same with and without `--json`.
 */
export abstract class BaseCommand<T extends typeof Command> extends Command {
  static override baseFlags = globalFlags

  /** What the first Ctrl-C sets off, such as `lifting the fault and stopping the servers`. */
  protected readonly undoes: string = 'undoing what was started'

  readonly #redactor: Redactor = createRedactor()
  readonly #sink = new Sink(this.#redactor)
  #delivery = this.#deliveryOf(asksForJson(this.argv) ?? 'text')
  #progress: Progress | undefined
  #interruption: Interruption | undefined

  /**
   * Does the work. Resolves to the outcome, partial when `signal` aborted; throws UsageError, EnvironmentError or
   * SafetyError when there is none. Anything else thrown is reported as a bug.
   */
  protected abstract execute(context: Context<T>): Promise<Outcome>

  async run(): Promise<Report> {
    try {
      const context = await this.#begin()
      const outcome = await this.execute(context)
      this.#progress?.stop()
      return await this.#delivery.deliver(outcome, this.#interruption?.by)
    } catch (error) {
      this.#progress?.stop()
      const { by, signal } = this.#interruption ?? {}
      const report = this.toErrorJson(error)
      if (signal?.aborted && isAbort(error, signal)) delete report.error
      return await this.#delivery.deliverError(report, error, by)
    } finally {
      this.#interruption?.dispose()
    }
  }

  // oclif's own version logs argv under DEBUG.
  protected override async init(): Promise<void> {}

  // Reached only by a failure outside run(). oclif's own version exits with 1 under --json.
  protected override async catch(error: Error): Promise<void> {
    await this.#delivery.deliverError(this.toErrorJson(error), error)
  }

  // oclif's own version prints all that hangs on an error: the parser's whole context, or the password among the
  // arguments of a refused Redis command.
  protected override toErrorJson(error: unknown): Report {
    return errorReport(this.#words, error)
  }

  async #begin(): Promise<Context<T>> {
    const { flags, args } = await this.#parse()
    const streams = 'jsonl' in flags && flags.jsonl === true
    const json = flags.json || flags.reporter === 'json' || streams
    const { quiet } = flags
    const ascii = wantsAscii(process.stdout, process.env, flags.ascii)
    const colour = wantsColour(process.stdout, process.env, flags['no-color'])
    const terminal = await createTerminal({ colour, columns: process.stdout.columns, quiet, ascii })
    const formats = (this.ctor as typeof BaseCommand).baseFlags.reporter.options as readonly Reporter[]
    const outputs = parseOutputs(flags.output ?? [], formats)
    const delivery = this.#deliveryOf(streams ? 'jsonl' : json ? 'json' : (flags.reporter ?? 'text'), {
      outputs,
      terminal,
    })
    this.#delivery = delivery
    const stream = process.stderr
    const progress = createProgress({
      sink: this.#sink,
      redactor: this.#redactor,
      stream,
      mode: progressMode({ json, quiet }, stream),
    })
    this.#progress = progress
    this.#interruption = this.#listen(json)
    return {
      flags,
      args,
      signal: this.#interruption.signal,
      progress,
      terminal,
      warn: (text) => {
        delivery.warnings.push(sanitise(text))
        if (!json && !quiet) void this.#sink.text(unguarded(stream), `warn ${sanitise(text)}\n`)
      },
      lines: (documents) => this.#sink.lines(unguarded(process.stdout), documents, writeJsonLine),
      publish: async (outcome) => {
        progress.stop()
        await delivery.publish(outcome)
      },
      write: (output, outcome) => delivery.write(output, outcome),
    }
  }

  #listen(json: boolean): Interruption {
    return listenForInterruption({
      onFirst: (by) => {
        this.#progress?.stop()
        void this.#sink.text(
          unguarded(process.stderr),
          `${by}: ${this.undoes}. Once more to leave at once.\n`,
        )
      },
      onSecond: (by) => {
        if (json && !this.#delivery.hasPrinted) {
          const { schema, command } = this.toErrorJson(undefined)
          this.#sink.lastReport({ schema, command, verdict: 'inconclusive', interrupted: true }, writeJson)
        }
        this.#sink.lastWords(`${by} again: left at once; ${this.undoes} may not have finished.\n`)
      },
    })
  }

  async #parse(): Promise<{ flags: FlagsOf<T>; args: ArgsOf<T> }> {
    const { flags = {}, args = {}, baseFlags = {}, strict } = this.ctor
    // A line that cannot be parsed would have oclif warn that this command forgot to.
    this.parsed = true
    // oclif would fill a missing argument from a pipe that happens to be there.
    for (const argument of Object.values(args)) argument.ignoreStdin = true
    try {
      const parsed = await this.parse({ flags, args, baseFlags, strict })
      const given = parsed.flags as FlagsOf<T>
      if (given.json && given.reporter !== undefined && given.reporter !== 'json') {
        throw new UsageError(
          'CONFLICTING_FLAGS',
          `--json and --reporter ${given.reporter} contradict each other.`,
          ['leave one of them out'],
        )
      }
      return { flags: given, args: parsed.args as ArgsOf<T> }
    } catch (error) {
      throw toUsageError(error, {
        command: this.ctor,
        flags: { ...baseFlags, ...flags },
        config: this.config,
      })
    }
  }

  #deliveryOf(reporter: Reporter, more: Partial<ConstructorParameters<typeof Delivery>[0]> = {}): Delivery {
    const see = `${this.config.bin} ${this.#words} --help`
    return new Delivery({ sink: this.#sink, reporter, outputs: [], terminal: plainTerminal, see, ...more })
  }

  get #words(): string {
    return (this.id ?? '').replaceAll(':', ' ')
  }
}

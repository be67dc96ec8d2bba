import { Command, Flags, type Interfaces } from '@oclif/core'
import { UsageError } from '../ops/report/errors.js'
import type { Report } from '../ops/report/report.js'
import { Delivery, type Outcome } from './delivery.js'
import { unguarded } from './guarded-streams.js'
import { listenForInterruption, type Interruption } from './interruption.js'
import { parseOutputs, REPORTERS } from './outputs.js'
import { createProgress, progressMode, type Progress } from './progress.js'
import { createRedactor } from './redactor.js'
import { errorReport } from './report-error.js'
import { asksForJson } from './asks-for-json.js'
import { sanitise } from './sanitise.js'
import { Sink } from './sink.js'
import { wantsColour } from './style.js'
import { createTerminal, type Terminal } from './terminal.js'
import { toUsageError } from './usage-error.js'
import { writeJson } from '../ops/report/writers/json.js'

export type { Outcome } from './delivery.js'

/** What a command works with. */
export interface Context<T extends typeof Command> {
  flags: Interfaces.InferredFlags<(typeof BaseCommand)['baseFlags'] & T['flags']>
  args: Interfaces.InferredArgs<T['args']>
  /** Aborts at Ctrl-C: undo what was started, then return what there is. */
  signal: AbortSignal
  progress: Progress
  /** What stdout can show. */
  terminal: Terminal
  /** Something the reader should know; also lands in the report's `warnings`. */
  warn(text: string): void
  /** Prints the outcome now, for a command that then stays in the foreground. What `execute` returns is not printed again. */
  publish(outcome: Outcome): Promise<void>
}

/**
 * A command is a view: flags in, an engine called, an `Outcome` out. Printing, files, secrets, signals and the exit code
 * are done here, and are the same with and without `--json`.
 */
export abstract class BaseCommand<T extends typeof Command> extends Command {
  static override baseFlags = {
    json: Flags.boolean({
      summary: 'Print one JSON document; same as --reporter json.',
      helpGroup: 'GLOBAL',
    }),
    reporter: Flags.option({
      options: REPORTERS,
      summary: 'How stdout is written (default text).',
      helpGroup: 'GLOBAL',
    })(),
    output: Flags.string({
      summary: 'Also write the result to a file; may be repeated.',
      helpValue: 'FORMAT=PATH',
      helpGroup: 'GLOBAL',
      multiple: true,
      multipleNonGreedy: true,
    }),
    quiet: Flags.boolean({
      char: 'q',
      summary: 'Print only the verdict and what failed.',
      helpGroup: 'GLOBAL',
    }),
    ascii: Flags.boolean({ summary: 'Print ASCII only.', helpGroup: 'GLOBAL' }),
    'no-color': Flags.boolean({ summary: 'Print without colours; so does NO_COLOR.', helpGroup: 'GLOBAL' }),
  }

  /** What the first Ctrl-C sets off, such as `lifting the fault and stopping the servers`. */
  protected readonly undoes: string = 'undoing what was started'

  /**
   * Does the work. Resolves to the outcome, partial when `signal` aborted; throws UsageError, EnvironmentError or
   * SafetyError when there is none. Anything else thrown is reported as a bug.
   */
  protected abstract execute(context: Context<T>): Promise<Outcome>

  async run(): Promise<Report> {
    const redactor = createRedactor()
    const sink = new Sink(redactor)
    const stderr = unguarded(process.stderr)
    const see = `${this.config.bin} ${this.#words} --help`
    let delivery = new Delivery({
      sink,
      json: asksForJson(this.argv),
      outputs: [],
      terminal: await createTerminal({ colour: false }),
      see,
    })
    let interruption: Interruption | undefined
    let progress: Progress | undefined
    try {
      const { flags, args } = await this.#parse()
      const json = flags.json || flags.reporter === 'json'
      const { quiet, ascii } = flags
      const terminal = await createTerminal({
        colour: wantsColour(process.stdout, process.env, flags['no-color']),
        columns: process.stdout.columns,
        quiet,
        ascii,
      })
      delivery = new Delivery({ sink, json, outputs: parseOutputs(flags.output ?? []), terminal, see })
      const { warnings } = delivery
      progress = createProgress({
        sink,
        redactor,
        stream: process.stderr,
        mode: progressMode({ json, quiet }, process.stderr),
      })
      interruption = listenForInterruption({
        onFirst: (by) => {
          progress?.stop()
          void sink.text(stderr, `${by}: ${this.undoes}. Once more to leave at once.\n`)
        },
        onSecond: (by) => {
          if (json && process.exitCode === undefined) {
            sink.lastReport({ ...this.#document, verdict: 'inconclusive', interrupted: true }, writeJson)
          }
          sink.lastWords(`${by} again: left at once, before ${this.undoes} was done.\n`)
        },
      })
      const outcome = await this.execute({
        flags,
        args,
        signal: interruption.signal,
        progress,
        terminal,
        warn: (text) => {
          warnings.push(sanitise(text))
          if (!json && !quiet) void sink.text(stderr, `warn ${sanitise(text)}\n`)
        },
        publish: async (early) => {
          progress?.stop()
          await delivery.deliver(early)
          process.exitCode = undefined
        },
      })
      progress.stop()
      return await delivery.deliver(outcome, interruption.by)
    } catch (error) {
      progress?.stop()
      return await delivery.deliverError(this.#failure(error, interruption), error, interruption?.by)
    } finally {
      interruption?.dispose()
    }
  }

  // oclif's own version logs argv under DEBUG, secrets included.
  protected override async init(): Promise<void> {}

  // Reached only by a failure outside run(); oclif's own version changes the exit code under --json and its toErrorJson
  // prints whatever hangs on the error: the parser's whole context, or the password in a Redis command's arguments.
  protected override async catch(error: Error): Promise<void> {
    const terminal = await createTerminal({ colour: false })
    const sink = new Sink(createRedactor())
    const delivery = new Delivery({ sink, json: asksForJson(this.argv), outputs: [], terminal, see: '' })
    await delivery.deliverError(errorReport(this.#words, error), error)
  }

  protected override toErrorJson(error: unknown): Report {
    return errorReport(this.#words, error)
  }

  get #words(): string {
    return (this.id ?? '').replaceAll(':', ' ')
  }

  get #document(): Pick<Report, 'schema' | 'command'> {
    const { schema, command } = errorReport(this.#words, undefined)
    return { schema, command }
  }

  #failure(error: unknown, interruption: Interruption | undefined): Report {
    const aborted = interruption?.signal.aborted && error instanceof Error && error.name === 'AbortError'
    if (aborted) return { ...this.#document, verdict: 'inconclusive' }
    return errorReport(this.#words, error)
  }

  async #parse(): Promise<Pick<Context<T>, 'flags' | 'args'>> {
    const { flags = {}, args = {}, baseFlags = {}, strict } = this.ctor
    // oclif would fill a missing argument from a pipe that happens to be there.
    for (const argument of Object.values(args)) argument.ignoreStdin = true
    try {
      const parsed = await this.parse({ flags, args, baseFlags, strict })
      const given = parsed.flags as Context<T>['flags']
      if (given.json && given.reporter === 'text') {
        throw new UsageError('CONFLICTING_FLAGS', '--json and --reporter text contradict each other.', [
          'leave one of them out',
        ])
      }
      return { flags: given, args: parsed.args as Context<T>['args'] }
    } catch (error) {
      throw toUsageError(error, {
        command: this.ctor,
        flags: { ...baseFlags, ...flags },
        config: this.config,
      })
    }
  }
}

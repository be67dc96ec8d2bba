import { writeFileSync, writeSync } from 'node:fs'
import type { Report } from '../ops/report/report.js'
import type { Redactor } from './redactor.js'
import { sanitiseRendered } from './sanitise.js'

export interface Stream {
  write(text: string, done?: (error?: Error | null) => void): boolean
  isTTY?: boolean
  columns?: number
}

/** A file; what is in it goes, unless this is added to it. */
interface Target {
  path: string
  appends?: true
}

/** The one way out: everything that is printed or written to a file passes here and leaves its secrets behind. */
export class Sink {
  readonly #redactor: Redactor

  constructor(redactor: Redactor) {
    this.#redactor = redactor
  }

  /** Resolves when the text has left the process, or when its reader has gone; rejects when it could not be written. */
  text(stream: Stream, text: string, colour = false): Promise<void> {
    return write(stream, this.#clean(text, colour))
  }

  /** As `text`, for a report that must stay well-formed: it is redacted before it becomes text. */
  report(stream: Stream, report: Report, toText: (report: Report) => string): Promise<void> {
    return write(stream, toText(this.#redacted(report)))
  }

  /** Documents, each a line of its own; there may be many calls. Settles as `text` does. */
  lines(stream: Stream, documents: readonly object[], toLine: (document: object) => string): Promise<void> {
    return write(stream, documents.map((document) => toLine(this.#redactor.document(document))).join(''))
  }

  textFile({ path, appends }: Target, text: string): void {
    writeFileSync(path, this.#clean(text, false), { flag: appends ? 'a' : 'w' })
  }

  reportFile({ path, appends }: Target, report: Report, toText: (report: Report) => string): void {
    writeFileSync(path, toText(this.#redacted(report)), { flag: appends ? 'a' : 'w' })
  }

  /** Synchronous, for the last words before the process ends; what cannot be written is lost. */
  lastWords(text: string): void {
    writeNow(2, this.#clean(text, false))
  }

  /** As `lastWords`, for the document on stdout. */
  lastReport(report: Report, toText: (report: Report) => string): void {
    writeNow(1, toText(this.#redacted(report)))
  }

  /** A report to be rendered as text, which then comes here. */
  forLayout<R extends Report>(report: R): R {
    return this.#redactor.forLayout(report)
  }

  /** A report that goes into a file by another way. */
  withoutSecrets<R extends Report>(report: R): R {
    return this.#redacted(report) as R
  }

  // A password may be an ordinary word; what identifies the document is ours and stays.
  #redacted(report: Report): Report {
    const { schema, command, verdict } = report
    return { ...this.#redactor.document(report), schema, command, verdict }
  }

  #clean(text: string, colour: boolean): string {
    return this.#redactor.text(sanitiseRendered(text, colour))
  }
}

function writeNow(descriptor: 1 | 2, text: string): void {
  try {
    writeSync(descriptor, text)
  } catch {
    // Nobody reads any more.
  }
}

function write(stream: Stream, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error && !isReaderGone(error) && !isTerminalGone(error, stream)) reject(error)
      else resolve()
    })
  })
}

/** `cache … | head -1`: the reader has read enough, which is not a failure. */
export function isReaderGone(error: Error): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED'
}

/** A terminal that was closed while we clean up; of a file the same code is a failing disk. */
function isTerminalGone(error: Error, stream: Stream): boolean {
  return stream.isTTY === true && (error as NodeJS.ErrnoException).code === 'EIO'
}

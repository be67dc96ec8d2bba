/** Of a line, in bytes. A token is longer than what is shown of a line, and may stand far behind it. */
const LINE_KEPT = 16 * 1024
const NEWLINE = 10
const NOTHING = Buffer.alloc(0)

/** As it was printed, 16 KiB of it at most. */
export interface PrintedLine {
  raw: string
  /** Whether something stood before or after it that was not kept, or has not come. */
  cut: { start: boolean; end: boolean }
}

/** What comes out of one stream, in lines, however it is divided into chunks. Keeps 16 KiB of what no newline has ended. */
export class PrintedLines {
  /** Begins with the line under way; while lines are skipped it is the end of all that came. */
  #rest: Buffer = NOTHING
  #isCut = false
  #skips = false

  /** The lines that this chunk ends. */
  take(chunk: Buffer): PrintedLine[] {
    if (this.#skips) this.#goOn()
    const lines: PrintedLine[] = []
    let from = 0
    for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, from)) {
      lines.push(this.#lineOf(Buffer.concat([this.#rest, chunk.subarray(from, at)]), false))
      this.#rest = NOTHING
      this.#isCut = false
      from = at + 1
    }
    // One more than is kept, or nobody could tell that it was cut.
    const left = Math.max(0, LINE_KEPT + 1 - this.#rest.length)
    this.#rest = Buffer.concat([this.#rest, chunk.subarray(from, from + left)])
    return lines
  }

  /** Looks at no line, which costs nothing but their count: how many the chunk ends. */
  skip(chunk: Buffer): number {
    // What would follow is not what followed it.
    const isWhole = this.#skips || this.#rest.length <= LINE_KEPT
    const all = Buffer.concat([isWhole ? this.#rest : NOTHING, chunk.subarray(-LINE_KEPT)])
    this.#isCut ||= !isWhole || all.length > LINE_KEPT || chunk.length > LINE_KEPT
    this.#rest = all.subarray(-LINE_KEPT)
    this.#skips = true
    return newlinesIn(chunk)
  }

  /** The last of what was skipped, the line under way included. */
  skipped(): PrintedLine[] {
    if (!this.#skips) return []
    const pieces = this.#rest.toString('utf8').split('\n')
    return pieces.map((raw, index) => ({
      raw: trimmed(raw),
      cut: { start: index === 0 && this.#isCut, end: index === pieces.length - 1 },
    }))
  }

  /** What no newline has ended; null while lines are skipped. */
  underWay(): PrintedLine | null {
    return this.#skips ? null : this.#lineOf(this.#rest, true)
  }

  #goOn(): void {
    const newline = this.#rest.lastIndexOf(NEWLINE)
    this.#isCut &&= newline === -1
    this.#rest = this.#rest.subarray(newline + 1)
    this.#skips = false
  }

  #lineOf(bytes: Buffer, isUnderWay: boolean): PrintedLine {
    const raw = trimmed(bytes.subarray(0, LINE_KEPT).toString('utf8'))
    return { raw, cut: { start: this.#isCut, end: isUnderWay || bytes.length > LINE_KEPT } }
  }
}

/** Without the halves of characters that a cut has left at its ends. */
function trimmed(text: string): string {
  return text.replace(/^\ufffd+|\ufffd+$/g, '')
}

function newlinesIn(chunk: Buffer): number {
  let count = 0
  for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) count += 1
  return count
}

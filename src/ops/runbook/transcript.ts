import { plainOutput } from './plain-output.js'

// More than anybody reads; an expectation looks at what is kept.
const KEPT_CHARACTERS = 64 * 1024
// A loop without end prints markers without end; the first are the ones that a failure is in.
const KEPT_PIECES = 1000
const FRAME = '\u001E'

/**
 * What a step prints, bounded, as plain text: the end of the whole, and of each piece that a marker cuts off. A marker
 * says which command it stands behind, so a loop may print it many times.
 */
export class Transcript {
  readonly #start: string
  readonly #pieces: { command: number; output: string }[] = []
  #lastCommand = -1
  #piece = ''
  #whole = ''

  /** @param nonce what the step cannot print by itself */
  constructor(nonce: string) {
    this.#start = `${FRAME}${nonce}:`
  }

  /** What is to be printed behind a command. */
  marker(command: number): string {
    return `${this.#start}${command}${FRAME}`
  }

  push(text: string): void {
    this.#piece += text
    for (;;) {
      const from = this.#piece.indexOf(this.#start)
      const digits = from + this.#start.length
      const to = from === -1 ? -1 : this.#piece.indexOf(FRAME, digits)
      if (to === -1) break
      this.#close(Number(this.#piece.slice(digits, to)), this.#piece.slice(0, from))
      this.#piece = this.#piece.slice(to + FRAME.length)
    }
    this.#piece = this.#piece.slice(-KEPT_CHARACTERS)
  }

  /** As `push`, for what no expectation looks at. */
  note(text: string): void {
    this.#whole = (this.#whole + text).slice(-KEPT_CHARACTERS)
  }

  /** Ends the piece of a command that prints no marker. */
  cut(command: number): string {
    const output = plainOutput(this.#piece)
    this.#close(command, this.#piece)
    this.#piece = ''
    return output
  }

  /** What a command printed, each time it ran. */
  outputsOf(command: number): string[] {
    return this.#pieces.filter((piece) => piece.command === command).map(({ output }) => plainOutput(output))
  }

  /** The command whose marker came last; -1 before the first. */
  get lastCommand(): number {
    return this.#lastCommand
  }

  get whole(): string {
    return plainOutput((this.#whole + this.#piece).slice(-KEPT_CHARACTERS))
  }

  #close(command: number, output: string): void {
    if (this.#pieces.length < KEPT_PIECES) this.#pieces.push({ command, output })
    this.#lastCommand = command
    this.#whole = (this.#whole + output).slice(-KEPT_CHARACTERS)
  }
}

import { unreadable } from './rest-error.js'

/** Reads a text from the left. What it cannot read is a RestError that says what was being read. */
export class Scanner {
  readonly #text: string
  readonly #what: string
  #at = 0

  /** @param what such as `"order" parameter`, for errors */
  constructor(text: string, what: string) {
    this.#text = text
    this.#what = what
  }

  get isDone(): boolean {
    return this.#at === this.#text.length
  }

  sees(token: string): boolean {
    return this.#text.startsWith(token, this.#at)
  }

  take(token: string): boolean {
    if (!this.sees(token)) return false
    this.#at += token.length
    return true
  }

  expect(token: string): void {
    if (!this.take(token)) throw this.failed(`expecting "${token}"`)
  }

  /** The longest run of such characters; may be empty. */
  run(accepts: (character: string) => boolean): string {
    const from = this.#at
    while (this.#at < this.#text.length && accepts(this.#text[this.#at]!)) this.#at += 1
    return this.#text.slice(from, this.#at)
  }

  rest(): string {
    const rest = this.#text.slice(this.#at)
    this.#at = this.#text.length
    return rest
  }

  /** `"…"` with `\` before a quote or a backslash; null, and nothing read, when no such text stands here. */
  quoted(): string | null {
    const from = this.#at
    if (!this.take('"')) return null
    let value = ''
    while (!this.isDone) {
      if (this.take('"')) return value
      this.take('\\')
      value += this.#text[this.#at] ?? ''
      this.#at += 1
    }
    this.#at = from
    return null
  }

  /** What `read` reads, or, when it answers null, nothing: as if it had not been tried. */
  attempt<T>(read: () => T | null): T | null {
    const from = this.#at
    const value = read()
    if (value === null) this.#at = from
    return value
  }

  finish(): void {
    if (!this.isDone) throw this.failed('unexpected text')
  }

  failed(why: string): Error {
    return unreadable(this.#what, `${why} at character ${this.#at + 1}`)
  }
}

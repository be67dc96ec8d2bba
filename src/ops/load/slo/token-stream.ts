import { badSlo } from './bad-slo.js'
import { tokenise, type Token } from './tokens.js'

/** The words of an SLO, one after the other; after the last comes `end`, for ever. */
export class TokenStream {
  readonly slo: string
  readonly #tokens: Token[]
  #next = 0

  constructor(slo: string) {
    this.slo = slo
    this.#tokens = tokenise(slo)
  }

  /** @param ahead how many words after the next one */
  peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? this.#tokens.at(-1)!
  }

  take(): Token {
    const token = this.peek()
    this.#next += 1
    return token
  }

  expect(text: string): Token {
    const token = this.take()
    if (token.text !== text) this.fail(token, `here belongs ${text}`)
    return token
  }

  fail(token: Token, what: string): never {
    throw badSlo(this.slo, token.at, what)
  }
}

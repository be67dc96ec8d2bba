import { badSlo } from './bad-slo.js'
import { isUnit, UNITS, type Unit } from './units.js'

export type Token =
  | { type: 'number'; at: number; text: string; value: number; unit: Unit | null }
  | { type: 'word'; at: number; text: string }
  | { type: 'symbol'; at: number; text: string }
  | { type: 'end'; at: number; text: string }

const SPACE = /\s+/y
const NUMBER = /(\d+(?:\.\d+)?)(?:\s*(ms|s|%|[kmgKMG]?i?[bB])(?![A-Za-z0-9_]))?/y
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y
const SYMBOL = /<=|>=|==|!=|[<>=+\-*/().,]/y

/** The words of an SLO, with an `end` after the last. Throws UsageError at a character that has no place in one. */
export function tokenise(slo: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  const take = (pattern: RegExp) => {
    pattern.lastIndex = at
    const match = pattern.exec(slo)
    if (match) at += match[0].length
    return match
  }
  for (;;) {
    take(SPACE)
    const start = at
    if (at === slo.length) return [...tokens, { type: 'end', at, text: '' }]
    const number = take(NUMBER)
    if (number) {
      const [text, digits = '', written = ''] = number
      // Bytes are written in either case: MB, mb.
      const unit = written.toLowerCase()
      const value = Number(digits)
      if (value > Number.MAX_SAFE_INTEGER) throw badSlo(slo, start, 'this number is too large')
      tokens.push({ type: 'number', at: start, text, value, unit: isUnit(unit) ? unit : null })
      const stuck = take(WORD)
      if (stuck || (unit !== '' && !isUnit(unit))) {
        const known = `there is no such unit; units are ${Object.keys(UNITS).join(', ')}`
        throw badSlo(slo, start + (stuck ? text.length : digits.length), known)
      }
      continue
    }
    const word = take(WORD)
    const other = word ?? take(SYMBOL)
    if (!other) throw badSlo(slo, start, 'this has no place in an SLO')
    tokens.push({ type: word ? 'word' : 'symbol', at: start, text: other[0] })
  }
}

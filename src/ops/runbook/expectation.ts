import { badRunbook } from './bad-runbook.js'
import { parseQuantity, type Quantity } from './quantity.js'

export type Operator = '<' | '<=' | '>' | '>=' | '=' | '!='

/** What the output of a command must be, without the document having to say more than a comment. */
export type Expectation = { /** As written. */ text: string; line: number } & (
  | { kind: 'line'; value: string; negated: boolean }
  | { kind: 'contains'; value: string; negated: boolean }
  | { kind: 'pattern'; pattern: RegExp }
  | { kind: 'number'; operator: Operator; than: Quantity }
  | { kind: 'exit'; code: number }
)

const expected = /^\s*#\s*expect(?:ed)?(?:\s+(?:output|result|reply|value))?\s*:(.*)$/i
const should = /^\s*#\s*should\s+(not\s+)?(be|return|print|show|equal|contain|include|match)\s+(.*)$/i

/**
 * The expectation that a comment states; null for any other comment. `# Should be` before a sentence is a remark: only a
 * comparison, a pattern, something quoted or one word asserts there.
 *
 * @throws UsageError naming the line, for an expectation that cannot be judged
 */
export function expectationIn(comment: string, where: { path: string; line: number }): Expectation | null {
  const stated = expected.exec(comment)?.[1]
  if (stated !== undefined) return parseExpectation(stated, where)
  const [, not, verb = '', rest = ''] = should.exec(comment) ?? []
  if (rest === '') return null
  const text = rest.trim()
  const isSentence = /\s/.test(text) && !/^(?:[<>=!≤≥/"'`]|exit\s)/.test(text)
  if (/contain|include/i.test(verb)) return parseExpectation(`${not ? 'not ' : ''}contains ${text}`, where)
  if (isSentence) return null
  return parseExpectation(not ? `!= ${text}` : text, where)
}

/** @throws UsageError naming the line, for an expectation that cannot be judged */
export function parseExpectation(written: string, where: { path: string; line: number }): Expectation {
  const text = written.trim()
  const { line } = where
  if (text === '') throw bad(where, 'the expectation is empty, so nothing would be asserted.')
  const [, operator, operand = ''] = /^(<=|>=|==|!=|<|>|=|≤|≥)\s*(.*)$/s.exec(text) ?? []
  if (operator !== undefined) return comparison(text, operator, operand, where)
  const [, source, flags = ''] = /^\/(.+)\/([imsu]*)$/s.exec(text) ?? []
  if (source !== undefined) return { text, line, kind: 'pattern', pattern: pattern(source, flags, where) }
  const [, not, part] = /^(not\s+)?contains?\s*:?\s+(.+)$/is.exec(text) ?? []
  if (part !== undefined) {
    return { text, line, kind: 'contains', value: unquoted(part), negated: not !== undefined }
  }
  const code = /^exit(?:\s+code)?\s+(\d{1,3})$/i.exec(text)?.[1]
  if (code !== undefined) return { text, line, kind: 'exit', code: Number(code) }
  return { text, line, kind: 'line', value: unquoted(text), negated: false }
}

function comparison(
  text: string,
  written: string,
  operand: string,
  where: { path: string; line: number },
): Expectation {
  const aliases: Record<string, Operator> = { '==': '=', '≤': '<=', '≥': '>=' }
  const operator = aliases[written] ?? (written as Operator)
  const than = parseQuantity(operand)
  const { line } = where
  if (than) return { text, line, kind: 'number', operator, than }
  if (operand !== '' && (operator === '=' || operator === '!=')) {
    return { text, line, kind: 'line', value: unquoted(operand), negated: operator === '!=' }
  }
  throw bad(where, `'${text}' compares with no number, or with a unit that is not known.`)
}

function pattern(source: string, flags: string, where: { path: string; line: number }): RegExp {
  try {
    return new RegExp(source, [...new Set(`m${flags}`)].join(''))
  } catch (error) {
    throw bad(where, `the pattern cannot be read: ${error instanceof Error ? error.message : ''}.`)
  }
}

function unquoted(text: string): string {
  return text.replace(/^(["'`])(.*)\1$/s, '$2')
}

function bad(where: { path: string; line: number }, message: string): Error {
  return badRunbook('RUNBOOK_BAD_EXPECTATION', where, message, [
    'such as # Expected: PONG, # Expected: < 10 ms, # Expected: contains ready, or # Expected: /^OK/',
  ])
}

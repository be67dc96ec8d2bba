import type { AssertionReport } from '../report/runbook-report.js'
import type { Expectation, Operator } from './expectation.js'
import { quantitiesIn, unitFactor, type Quantity } from './quantity.js'

/** What a command left behind. */
export interface Observed {
  output: string
  /** Null when it was killed. */
  exitCode: number | null
}

/** Whether the output is what was expected. A number that cannot be told apart from others never passes. */
export function assert(expectation: Expectation, { output, exitCode }: Observed): AssertionReport {
  const { text, line } = expectation
  const lines = output.split('\n').map(plain)
  const verdict = (passes: boolean, actual = lastOf(output)): AssertionReport => ({
    text,
    line,
    result: passes ? 'pass' : 'fail',
    actual,
  })
  switch (expectation.kind) {
    case 'line': {
      const wanted = plain(expectation.value)
      return verdict((lines.includes(wanted) || plain(output) === wanted) !== expectation.negated)
    }
    case 'contains':
      return verdict(output.includes(expectation.value) !== expectation.negated)
    case 'pattern': {
      const found = expectation.pattern.exec(output)
      return found ? verdict(true, lineAt(output, found)) : verdict(false)
    }
    case 'exit':
      return verdict(exitCode === expectation.code, exitCode === null ? 'killed' : `exit code ${exitCode}`)
    case 'number': {
      const found = numberIn(output, expectation.than)
      if (typeof found === 'string') return verdict(false, found)
      return verdict(compare(found.value, expectation.operator, expectation.than.value), found.text)
    }
  }
}

/** An expectation that the run never came to. */
export function notJudged({ text, line }: Expectation): AssertionReport {
  return { text, line, result: 'not judged', actual: null }
}

// redis-cli prints types and quotes on a terminal, where runbooks are written, and leaves them out in a pipe.
function plain(line: string): string {
  const bare = line.trim().replace(/^\(integer\) (?=-?\d+$)/, '')
  return bare === '(nil)' ? '' : bare.replace(/^"(.*)"$/, '$1')
}

/** The one number of the last line that has any; else why there is none, in words. */
function numberIn(output: string, than: Quantity): Quantity | string {
  const perLine = output.split('\n').map(quantitiesIn)
  const candidates = perLine.findLast((found) => found.length > 0)
  if (!candidates) return output.trim() === '' ? 'no output' : `no number in: ${lastOf(output)}`
  const sameDimension = candidates.filter(({ dimension }) => dimension === than.dimension)
  const fitting = sameDimension.length > 0 ? sameDimension : candidates
  const [only, ...more] = fitting
  if (only === undefined || more.length > 0) {
    return `several numbers, so which one? ${fitting.map(({ text }) => text).join(', ')}`
  }
  if (only.dimension === than.dimension) return only
  if (than.dimension === 'none') return { ...only, value: only.amount }
  if (only.dimension !== 'none') return `${only.text}, which cannot be compared`
  return { ...only, value: only.amount * unitFactor(than.text) }
}

function compare(value: number, operator: Operator, than: number): boolean {
  switch (operator) {
    case '<':
      return value < than
    case '<=':
      return value <= than
    case '>':
      return value > than
    case '>=':
      return value >= than
    case '=':
      return value === than
    case '!=':
      return value !== than
  }
}

/** The first line of what a pattern matched. */
function lineAt(output: string, { index, 0: matched }: RegExpExecArray): string {
  const from = output.lastIndexOf('\n', index + matched.search(/\S|$/)) + 1
  return lastOf(output.slice(from).split('\n', 1)[0] ?? '')
}

function lastOf(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '')
  const last = lines.at(-1)?.trim()
  if (last === undefined) return 'no output'
  return last.length > 200 ? `${last.slice(0, 200)}...` : last
}

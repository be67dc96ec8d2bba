import type { SloResult } from '../../ops/report/load-report.js'
import type { Verdict } from '../../ops/report/report.js'
import type { Terminal } from '../terminal.js'

type Result = Verdict | SloResult['result']

const WORDS = { pass: 'ok', fail: 'FAIL', 'not judged': 'skip', inconclusive: 'skip' } as const

export function wordOf(result: Result): 'ok' | 'FAIL' | 'skip' {
  return WORDS[result]
}

export function paintOf(result: Result, { style }: Terminal): (text: string) => string {
  return { pass: style.good, fail: style.bad, 'not judged': style.caution, inconclusive: style.caution }[
    result
  ]
}

import type { Mark } from '../page.js'

type Verdict = 'pass' | 'fail' | 'inconclusive'
type Result = Verdict | 'not judged'

const LEVELS: Record<Result, Mark['level']> = {
  pass: 'good',
  fail: 'bad',
  inconclusive: 'open',
  'not judged': 'open',
}

/** A verdict or the result of a clause or of an SLO, in the report's own word; FAIL is loud, as on a terminal. */
export function markOf(result: Result): Mark {
  return { level: LEVELS[result], word: result === 'fail' ? 'FAIL' : result }
}

/** A run's verdict, but for one that somebody or its own condition has stopped before there was one. */
export function markOfRun(run: { verdict: Verdict; interrupted?: boolean; stoppedBy?: string }): Mark {
  const isStopped = run.interrupted || run.stoppedBy !== undefined
  return isStopped ? { level: 'open', word: 'stopped' } : markOf(run.verdict)
}

/** A name for links, whatever the thing is called. */
export function anchorOf(kind: string, index: number, name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
  return `${kind}-${index + 1}-${plain}`
}

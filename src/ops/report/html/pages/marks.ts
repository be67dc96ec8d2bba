import type { Mark } from '../page.js'

type Result = 'pass' | 'fail' | 'inconclusive' | 'not judged'

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

/** A name for links, whatever the thing is called. */
export function anchorOf(kind: string, index: number, name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
  return `${kind}-${index + 1}-${plain}`
}

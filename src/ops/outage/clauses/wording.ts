import type { OperationRecord } from '../../experiment/measurement.js'
import type { ClauseId, ClauseResult } from '../../report/drill-report.js'

export { duration } from '../../experiment/in-words.js'

/** `1 read`, `24 reads`. */
export function quantity(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`
}

/** `a read`, `an invalidation`. */
export function oneOf(kind: OperationRecord['kind']): string {
  return { read: 'a read', put: 'a put', invalidate: 'an invalidation' }[kind]
}

/** `64 MiB`, `0.5 MiB`. */
export function bytes(count: number): string {
  const mib = count / 1024 / 1024
  return `${mib < 10 ? Number(mib.toFixed(1)) : Math.round(mib)} MiB`
}

/** `97 %`. */
export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

/** The four ways in which a clause answers, so that each file says only what is its own. */
export function answersFor(id: ClauseId, title: string) {
  type Numbers = ClauseResult['numbers']
  return {
    pass: (evidence: string, numbers: Numbers = {}): ClauseResult => ({
      id,
      title,
      result: 'pass',
      evidence,
      numbers,
    }),
    fail: (
      finding: NonNullable<ClauseResult['finding']>,
      numbers: Numbers = {},
      evidence = finding.happened,
    ): ClauseResult => ({ id, title, result: 'fail', evidence, numbers, finding }),
    notJudged: (reason: string, numbers: Numbers = {}): ClauseResult => ({
      id,
      title,
      result: 'not judged',
      evidence: reason,
      numbers,
    }),
  }
}

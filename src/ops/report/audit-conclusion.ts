import type { AuditReport } from './audit-report.js'

/** What an audit comes to, for every format alike. */
export interface AuditConclusion {
  word: 'ok' | 'FAIL' | 'skip' | 'stopped'
  /** Such as `5 errors, 0 warnings in 12 files, 4 of them about caching`. */
  sentence: string
  /** Why the exit code is what it is, such as `exit code 1: 5 findings at or above --fail-on error`. */
  exit: string
}

export function conclusionOf(report: AuditReport): AuditConclusion {
  const { summary, verdict, interrupted, rules } = report
  const found = `${quantity(summary.errors, 'error')}, ${quantity(summary.warnings, 'warning')}`
  const unjudged = `${quantity(summary.unjudged, 'path')} could not be judged`
  if (interrupted) return { word: 'stopped', sentence: `${found} so far`, exit: 'nothing is proved' }
  if (summary.files === 0) {
    const sentence = summary.unjudged > 0 ? unjudged : 'no source file there'
    return { word: 'skip', sentence, exit: 'exit code 3: nothing is proved' }
  }
  const skipped = summary.skipped === 0 ? '' : `; ${quantity(summary.skipped, 'test')} left out`
  const sentence = `${found} in ${quantity(summary.files, 'file')}, ${summary.read} of them about caching, by ${quantity(rules.length, 'rule')}${skipped}`
  if (verdict === 'inconclusive') {
    return { word: 'skip', sentence, exit: `exit code 3: ${unjudged}, so that nothing is proved` }
  }
  if (verdict === 'pass') return { word: 'ok', sentence, exit: passed(report) }
  return { word: 'FAIL', sentence, exit: failed(report) }
}

function passed({ failOn, summary }: AuditReport): string {
  if (summary.errors + summary.warnings === 0) return 'exit code 0'
  return failOn === 'never' ? 'exit code 0: --fail-on never' : `exit code 0: nothing at --fail-on ${failOn}`
}

function failed({ failOn, summary, maxWarnings }: AuditReport): string {
  const isOnlyTooMany = summary.errors === 0 && failOn === 'error' && maxWarnings !== null
  if (isOnlyTooMany) {
    return `exit code 1: ${quantity(summary.warnings, 'warning')}, more than --max-warnings ${maxWarnings}`
  }
  if (failOn === 'warn') return 'exit code 1: --fail-on warn counts errors and warnings'
  return `exit code 1: ${quantity(summary.errors, 'finding')} at --fail-on ${failOn}`
}

function quantity(count: number, noun: string): string {
  return `${String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',')} ${noun}${count === 1 ? '' : 's'}`
}

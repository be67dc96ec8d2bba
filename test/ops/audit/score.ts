import type { AuditFinding } from '../../../src/ops/report/audit-report.js'

/** One hand-labelled site, as in shared/audit/README.md. */
export interface Label {
  repo: string
  file: string
  line: number
  rule: string
  verdict: 'violation' | 'ok'
  confidence: 'high' | 'medium' | 'low'
  kind: string
  why: string
  alt: string[]
  span: [number, number]
}

export interface RuleScore {
  rule: string
  violations: number
  found: number
  nearMisses: number
  falselyReported: number
  missed: Label[]
  wrong: Label[]
}

/**
 * Recall: violations of high and medium confidence with a finding of their rule, or of an `alt`, inside their span.
 * False positives: near misses with a finding of the same rule within one line.
 */
export function score(
  labels: Label[],
  findings: ReadonlyMap<string, readonly AuditFinding[]>,
  rules: string[],
): RuleScore[] {
  const on = ({ repo, file }: Label) => (findings.get(repo) ?? []).filter((each) => each.file === file)
  return rules.map((rule) => {
    const own = labels.filter((label) => label.rule === rule)
    const violations = own.filter(({ verdict, confidence }) => verdict === 'violation' && confidence !== 'low')
    const nearMisses = own.filter(({ verdict }) => verdict === 'ok')
    const isFound = (label: Label) =>
      on(label).some(
        (each) =>
          [label.rule, ...label.alt].includes(each.rule) &&
          each.line >= label.span[0] &&
          each.line <= label.span[1],
      )
    const isWrong = (label: Label) =>
      on(label).some((each) => each.rule === rule && Math.abs(each.line - label.line) <= 1)
    return {
      rule,
      violations: violations.length,
      found: violations.filter(isFound).length,
      nearMisses: nearMisses.length,
      falselyReported: nearMisses.filter(isWrong).length,
      missed: violations.filter((label) => !isFound(label)),
      wrong: nearMisses.filter(isWrong),
    }
  })
}

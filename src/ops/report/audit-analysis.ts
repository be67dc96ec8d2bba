import type { Analysis, AnalysisPlace, AnalysisResult } from './analysis.js'
import { inRepository } from './audit-paths.js'
import type { AuditFinding, AuditReport, Place, Severity } from './audit-report.js'

export interface AnalysisContext {
  /** Of this package. */
  version: string
  /** The pages of rules, in Markdown, by id. */
  pages: ReadonlyMap<string, string>
}

/** Every finding, what was accepted as such, and what was not seen. */
export function auditAnalysis(report: AuditReport, { version, pages }: AnalysisContext): Analysis {
  const { rules, findings, accepted, known, problems, summary, interrupted, directory } = report
  const baseline = report.baseline?.file ?? 'the baseline'
  const isUnjudged = summary.unjudged > 0
  const lost = summary.unresolvedImports
  return {
    tool: 'cache audit',
    version,
    rules: rules.map(({ id, title, severity, confidence }) => ({
      id,
      title,
      level: levelOf(severity),
      precision: confidence,
      page: pages.get(id),
    })),
    results: [
      ...findings.map((each) => resultOf(each, directory)),
      ...accepted.map((each) => ({
        ...resultOf(each, directory),
        suppressed: {
          where: each.by === 'comment' ? ('code' as const) : ('elsewhere' as const),
          reason: each.reason,
        },
      })),
      ...known.map((each) => ({
        ...resultOf(each, directory),
        suppressed: { where: 'elsewhere' as const, reason: `known from ${baseline}` },
      })),
    ],
    problems: [
      ...problems.map(({ message, ...place }) => ({
        level: isUnjudged ? ('error' as const) : ('warning' as const),
        message,
        place: placeOf(place, directory),
      })),
      ...(lost > 0
        ? [
            {
              level: 'warning' as const,
              message: `imports unresolved, what lies behind was not seen: ${lost}`,
            },
          ]
        : []),
    ],
    isWhole: !interrupted && !isUnjudged && report.verdict !== 'inconclusive',
  }
}

function resultOf(finding: AuditFinding, directory: string): AnalysisResult {
  const { rule, severity, message, remedy, endLine, endColumn, excerpt, related, fingerprint } = finding
  return {
    rule,
    level: levelOf(severity),
    message: `${message} Instead: ${remedy}`,
    place: { ...placeOf(finding, directory), endLine, endColumn, snippet: excerpt },
    related: related.map((each) => ({ place: placeOf(each, directory), what: each.what })),
    fingerprint,
  }
}

function placeOf({ file, line, column }: Place, directory: string): AnalysisPlace {
  return { file: inRepository(file, directory), line, column }
}

function levelOf(severity: Severity): 'error' | 'warning' {
  return severity === 'error' ? 'error' : 'warning'
}

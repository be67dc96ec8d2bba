import type { Digest } from './digest.js'
import type { WhyReport } from './why-report.js'

/** The names of the line as a table, and an item for each finding there. */
export function whyDigest(report: WhyReport): Digest {
  const { file, line, leftOut, role, things, findings } = report
  return {
    title: `cache audit --why ${file}:${line}`,
    word: report.verdict === 'pass' ? 'ok' : 'skip',
    conclusion: leftOut ?? (role ? `${role.role}: ${role.because}` : 'no answer'),
    facts: [{ label: 'rules that said nothing', text: report.silent.join(', ') || 'none' }],
    tables: [
      {
        columns: ['name', 'is', 'because'],
        rows: things.map(({ text, is, because, isResolved }) => [
          text,
          is.join(' or ') || (isResolved ? 'nothing to the rules' : 'not known'),
          because,
        ]),
        isText: true,
      },
    ],
    groups: [
      {
        title: 'what the rules said',
        items: findings.map((each) => ({
          id: each.rule,
          title: each.excerpt.trim(),
          level: each.severity === 'error' ? ('fail' as const) : ('warn' as const),
          word: each.severity === 'error' ? 'FAIL' : 'warn',
          message: each.message,
          remedy: each.remedy,
          commands: [],
          // To ask why is no audit.
          counts: false,
          known: false,
          file: each.file,
          line: each.line,
          column: each.column,
        })),
      },
    ].filter(({ items }) => items.length > 0),
    next: [],
  }
}

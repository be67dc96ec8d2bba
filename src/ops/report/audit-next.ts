import type { AuditReport } from './audit-report.js'

/** The commands that lead on from an audit, and what each is for. */
export function nextAudits({ findings, paths }: AuditReport): { command: string; why: string }[] {
  const [first] = findings
  if (!first) return []
  const audit = ['cache audit', ...paths.filter((path) => path !== '.').map(quoted)].join(' ')
  const most = mostFrequent(findings.map(({ rule }) => rule))
  return [
    { command: `cache explain ${most}`, why: 'what it does in an outage, and how to write it' },
    ...(findings.length > 10 ? [{ command: `${audit} --rule ${most}`, why: 'one rule at a time' }] : []),
  ]
}

function mostFrequent(ids: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]![0]
}

/** To be pasted into a shell. */
function quoted(path: string): string {
  return /^[\w./@-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}

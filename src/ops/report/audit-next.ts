import type { AuditReport } from './audit-report.js'

// More are not mended in one go.
const MANY = 10
const BASELINE = 'cache-audit-baseline.json'

/** The commands that lead on from an audit, and what each is for. */
export function nextAudits(report: AuditReport): { command: string; why: string }[] {
  const { findings, paths, baseline, changed, fixes } = report
  const audit = ['cache audit', ...paths.filter((path) => path !== '.').map(quoted)].join(' ')
  const fixed = baseline?.fixed.length ?? 0
  const update =
    fixed > 0
      ? [
          {
            command: `${audit} --baseline ${quoted(baseline!.file)} --update-baseline`,
            why: 'take out what is fixed',
          },
        ]
      : []
  if (findings.length === 0) return update
  const isFixable =
    fixes === null && findings.some(({ fix, confidence }) => fix !== null && confidence === 'high')
  const isMany = findings.length > MANY
  const most = mostFrequent(findings.map(({ rule }) => rule))
  const { file, line } = findings.find(({ rule }) => rule === most)!
  return [
    { command: `cache explain ${most}`, why: 'what it does in an outage, and how to write it' },
    { command: `${audit} --why ${quoted(`${file}:${line}`)}`, why: 'what the audit takes that line for' },
    ...(isFixable ? [{ command: `${audit} --fix-dry-run`, why: 'what --fix would change' }] : []),
    ...(isMany ? [{ command: `${audit} --rule ${most}`, why: 'one rule at a time' }] : []),
    ...(isMany && !baseline && !changed
      ? [
          {
            command: `${audit} --baseline ${BASELINE} --update-baseline`,
            why: 'from now on only what is new fails',
          },
        ]
      : []),
    ...update,
  ]
}

function mostFrequent(ids: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [...counts].sort(([, a], [, b]) => b - a)[0]![0]
}

/** To be pasted into a shell. */
function quoted(path: string): string {
  return /^[\w./@:-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`
}

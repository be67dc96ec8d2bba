import { relative, sep } from 'node:path'
import type ts from 'typescript'
import type { AuditFinding, AuditReport, Place, Severity } from '../report/audit-report.js'
import type { Read } from './project/project.js'
import type { Rule, RuleContext, Violation } from './rule.js'
import { readSuppressions, type Suppression } from './suppressions.js'
import { symbolOf } from './syntax.js'

/** Findings of all files, and what comments in the code accept. */
export class Collected {
  readonly #cwd: string
  readonly #findings: AuditFinding[] = []
  readonly #accepted: AuditReport['accepted'] = []
  readonly #problems: AuditReport['problems'] = []

  constructor(cwd: string) {
    this.#cwd = cwd
  }

  add(file: ts.SourceFile, selected: readonly Rule[], context: RuleContext): void {
    const suppressions = readSuppressions(file)
    for (const { position } of suppressions.filter(({ reason }) => reason === '')) {
      const message =
        'cache-audit-ignore without a reason accepts nothing: write `cache-audit-ignore R1: why`'
      this.#problems.push({ ...this.#place(file, position), message })
    }
    for (const rule of selected) {
      for (const violation of apply(rule, file, context)) this.#record(rule, violation, file, suppressions)
    }
  }

  #record(rule: Rule, violation: Violation, file: ts.SourceFile, suppressions: Suppression[]): void {
    const { node, message, remedy, severity = rule.severity, related = [] } = violation
    const place = this.#place(file, node.getStart(file))
    const accepted = suppressions.find((each) => each.reason !== '' && each.covers(rule.id, place.line))
    if (accepted) {
      this.#accepted.push({ ...place, rule: rule.id, reason: accepted.reason })
      return
    }
    this.#findings.push({
      rule: rule.id,
      severity,
      ...place,
      symbol: symbolOf(node),
      message,
      remedy,
      excerpt: excerptOf(lineOf(file, place.line), place.column),
      related: related.map((each) => ({
        ...this.#place(each.node.getSourceFile(), each.node.getStart()),
        what: each.what,
      })),
      docs: `docs/rules/${rule.id}.md`,
    })
  }

  report(of: {
    paths: string[]
    failOn: Severity | 'never'
    selected: readonly Rule[]
    read: Read
    isPartial: boolean
  }): AuditReport {
    const { paths, failOn, selected, read, isPartial } = of
    const findings = this.#findings.sort(byPlace)
    const errors = findings.filter(({ severity }) => severity === 'error').length
    const warnings = findings.length - errors
    const failing = { error: errors, warn: errors + warnings, never: 0 }[failOn]
    const unjudged = read.problems.filter(({ isUnjudged }) => isUnjudged).length
    const isEmpty = read.counts.files === 0
    return {
      schema: 'cache.audit/1',
      command: 'audit',
      verdict:
        isPartial || isEmpty ? 'inconclusive' : failing > 0 ? 'fail' : unjudged > 0 ? 'inconclusive' : 'pass',
      paths,
      failOn,
      rules: selected.map(({ id, title, severity }) => ({
        id,
        title,
        severity,
        findings: findings.filter(({ rule }) => rule === id).length,
      })),
      findings,
      accepted: this.#accepted.sort(byPlace),
      problems: [...this.#problems, ...this.#placed(read)].sort(byPlace),
      summary: { ...read.counts, unjudged, errors, warnings },
    }
  }

  #placed({ problems }: Read): AuditReport['problems'] {
    return problems.map(({ file, source, position, message }) => {
      const place = source ? this.#place(source, position) : { file: this.#name(file), line: 1, column: 1 }
      return { ...place, message }
    })
  }

  #place(file: ts.SourceFile, position: number): Place {
    const { line, character } = file.getLineAndCharacterOfPosition(position)
    return { file: this.#name(file.fileName), line: line + 1, column: character + 1 }
  }

  #name(path: string): string {
    return relative(this.#cwd, path).split(sep).join('/')
  }
}

function* apply(rule: Rule, file: ts.SourceFile, context: RuleContext): Generator<Violation> {
  try {
    yield* rule.check(file, context)
  } catch (error) {
    throw new Error(`rule ${rule.id} broke on ${file.fileName}`, { cause: error })
  }
}

function lineOf(file: ts.SourceFile, line: number): string {
  const starts = file.getLineStarts()
  return file.text.slice(starts[line - 1], starts[line] ?? file.text.length).replace(/\r?\n$/, '')
}

// Generated code may be one long line.
const EXCERPT_LENGTH = 200

/** The line, or of a very long one the part with the finding. */
function excerptOf(line: string, column: number): string {
  if (line.length <= EXCERPT_LENGTH) return line
  const from = column > EXCERPT_LENGTH / 2 ? column - 40 : 0
  return line.slice(from, from + EXCERPT_LENGTH)
}

function byPlace(a: Place & { rule?: string }, b: Place & { rule?: string }): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  if (a.line !== b.line || a.column !== b.column) return a.line - b.line || a.column - b.column
  return (a.rule ?? '').localeCompare(b.rule ?? '', 'en', { numeric: true })
}

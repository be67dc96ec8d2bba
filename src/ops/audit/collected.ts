import type ts from 'typescript'
import type { AuditFinding, AuditReport, Place, Severity } from '../report/audit-report.js'
import { checklistOf, type PlacedSite } from './checklist.js'
import { fingerprintOf } from './fingerprint.js'
import { excerptOf, frameOf, Places } from './places.js'
import type { Read } from './project/project.js'
import { isSite, type Judgement, type Rule, type RuleContext, type Violation } from './rule.js'
import { directoryInRepository } from './repository.js'
import { readSuppressions, type Suppression } from './suppressions.js'
import { symbolOf } from './syntax.js'

/** Findings of all files, what comments in the code accept, and what was looked at and is well. */
export class Collected {
  readonly #directory: string
  readonly #places: Places
  readonly #findings: AuditFinding[] = []
  readonly #accepted: AuditReport['accepted'] = []
  readonly #problems: AuditReport['problems'] = []
  readonly #sites: PlacedSite[] = []
  readonly #occurrences = new Map<string, number>()

  constructor(cwd: string) {
    this.#directory = directoryInRepository(cwd)
    this.#places = new Places(cwd)
  }

  add(file: ts.SourceFile, selected: readonly Rule[], context: RuleContext): void {
    const suppressions = readSuppressions(file)
    for (const { position } of suppressions.filter(({ reason }) => reason === '')) {
      const message =
        'cache-audit-ignore without a reason accepts nothing: write `cache-audit-ignore R1: why`'
      this.#problems.push({ ...this.#places.at(file, position), message })
    }
    for (const rule of selected) {
      for (const judgement of apply(rule, file, context)) {
        if (isSite(judgement)) {
          const { node, site, what } = judgement
          this.#sites.push({ ...this.#places.of(node), rule: rule.id, site, what })
        } else this.#record(rule, judgement, suppressions)
      }
    }
  }

  #record(rule: Rule, violation: Violation, suppressions: Suppression[]): void {
    const { node, message, remedy, severity = rule.severity, confidence = rule.confidence } = violation
    const file = node.getSourceFile()
    const place = this.#places.of(node)
    const accepted = suppressions.find((each) => each.reason !== '' && each.covers(rule.id, place.line))
    if (accepted) {
      this.#accepted.push({ ...place, rule: rule.id, reason: accepted.reason })
      return
    }
    const symbol = symbolOf(node)
    this.#findings.push({
      rule: rule.id,
      severity,
      confidence,
      ...place,
      ...this.#places.endOf(node),
      symbol,
      fingerprint: this.#fingerprint({ rule: rule.id, file: place.file, symbol, code: node.getText() }),
      message,
      remedy,
      excerpt: excerptOf(file, place),
      frame: frameOf(file, place),
      fix: violation.fix?.title ?? null,
      related: (violation.related ?? []).map((each) => ({ ...this.#places.of(each.node), what: each.what })),
      docs: `docs/rules/${rule.id}.md`,
    })
  }

  #fingerprint(of: { rule: string; file: string; symbol: string; code: string }): string {
    const first = fingerprintOf({ ...of, occurrence: 0 })
    const occurrence = this.#occurrences.get(first) ?? 0
    this.#occurrences.set(first, occurrence + 1)
    return occurrence === 0 ? first : fingerprintOf({ ...of, occurrence })
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
    const ids = selected.map(({ id }) => id)
    return {
      schema: 'cache.audit/1',
      command: 'audit',
      verdict:
        isPartial || isEmpty ? 'inconclusive' : failing > 0 ? 'fail' : unjudged > 0 ? 'inconclusive' : 'pass',
      paths,
      failOn,
      directory: this.#directory,
      rules: selected.map(({ id, title, severity, confidence }) => ({
        id,
        title,
        severity,
        confidence,
        findings: findings.filter(({ rule }) => rule === id).length,
      })),
      checklist: checklistOf({
        applied: ids,
        findings,
        accepted: this.#accepted,
        sites: this.#sites.sort(byPlace),
        unseen: unseenIn(read, isPartial),
      }),
      findings,
      accepted: this.#accepted.sort(byPlace),
      problems: [...this.#problems, ...this.#placed(read)].sort(byPlace),
      summary: { ...read.counts, unjudged, errors, warnings },
    }
  }

  #placed({ problems }: Read): AuditReport['problems'] {
    return problems.map(({ file, source, position, message }) => {
      const place = source
        ? this.#places.at(source, position)
        : { file: this.#places.name(file), line: 1, column: 1 }
      return { ...place, message }
    })
  }
}

/** Why what no rule has found may be there all the same. */
function unseenIn({ counts, problems }: Read, isPartial: boolean): string[] {
  const unread = problems.length
  const lost = counts.unresolvedImports
  return [
    ...(isPartial ? ['stopped before the end'] : []),
    ...(unread > 0 ? [`${unread} ${unread === 1 ? 'path' : 'paths'} not read to the end`] : []),
    ...(lost > 0 ? [`${lost} ${lost === 1 ? 'import' : 'imports'} unresolved`] : []),
  ]
}

function* apply(rule: Rule, file: ts.SourceFile, context: RuleContext): Generator<Judgement> {
  try {
    yield* rule.check(file, context)
  } catch (error) {
    throw new Error(`rule ${rule.id} broke on ${file.fileName}`, { cause: error })
  }
}

function byPlace(a: Place & { rule?: string }, b: Place & { rule?: string }): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  if (a.line !== b.line || a.column !== b.column) return a.line - b.line || a.column - b.column
  return (a.rule ?? '').localeCompare(b.rule ?? '', 'en', { numeric: true })
}

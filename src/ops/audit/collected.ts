import type ts from 'typescript'
import type { AcceptedFinding, AuditFinding, AuditReport, Place } from '../report/audit-report.js'
import { codeOf, fingerprintOf } from './adoption/fingerprint.js'
import { severityOf, type Policy } from './adoption/policy.js'
import type { Identity } from './adoption/since-baseline.js'
import { Suppressions } from './adoption/suppressions.js'
import { touches } from './changed/touches.js'
import type { Changes } from './changed/read-changes.js'
import type { PlacedSite } from './checklist.js'
import { excerptOf, frameOf, type Places } from './places.js'
import { isSite, type Judgement, type Rule, type RuleContext, type Violation } from './rule.js'
import { rules as everyRule } from './rules/index.js'
import { isWithin, symbolOf } from './syntax.js'

/** A finding with all that it was made from. */
export interface Found {
  finding: AuditFinding
  violation: Violation
  identity: Identity
  /** It is in code that changed, or nobody asked. */
  isChanged: boolean
}

/** Findings of all files, what somebody has accepted, and what was looked at and is well. */
export class Collected {
  readonly found: Found[] = []
  readonly accepted: AcceptedFinding[] = []
  readonly problems: AuditReport['problems'] = []
  readonly sites: PlacedSite[] = []
  /** What another rule has told already: an answer to the checklist, and no finding of its own. */
  readonly told: (Place & { rule: string; message: string })[] = []
  readonly #places: Places
  /** Fingerprints are the same whatever the working directory is. */
  readonly #fromRoot: Places
  readonly #policy: Policy
  readonly #changes: Changes | undefined
  readonly #occurrences = new Map<string, number>()

  constructor(of: { places: Places; fromRoot: Places; policy: Policy; changes: Changes | undefined }) {
    this.#places = of.places
    this.#fromRoot = of.fromRoot
    this.#policy = of.policy
    this.#changes = of.changes
  }

  add(file: ts.SourceFile, selected: readonly Rule[], context: RuleContext): void {
    const suppressions = new Suppressions(
      file,
      everyRule.map(({ id }) => id),
    )
    const applied = selected.filter((rule) => this.#policy.levelOf(rule, file.fileName) !== 'off')
    const said = applied.flatMap((rule) =>
      [...apply(rule, file, context)].map((judgement) => ({ rule, judgement })),
    )
    for (const { rule, judgement } of said) {
      if (isSite(judgement)) {
        const { node, site, what } = judgement
        this.sites.push({ ...this.#places.of(node), rule: rule.id, site, what })
        continue
      }
      const other = saidElsewhere(judgement, said)
      if (!other) this.#record(rule, judgement, suppressions)
      else if (!this.#isAccepted(other, suppressions))
        this.told.push({ ...this.#places.of(judgement.node), rule: rule.id, message: judgement.message })
    }
    for (const { position, message } of suppressions.problems(applied.map(({ id }) => id)))
      this.problems.push({ ...this.#places.at(file, position), message })
  }

  #record(rule: Rule, violation: Violation, suppressions: Suppressions): void {
    const { node } = violation
    const comment = suppressions.reasonFor(rule.id, node)
    const name = comment === undefined ? this.#policy.sanctionedBy(node) : undefined
    const identity = this.#identify(rule, node, comment === undefined && name === undefined)
    const finding = this.#findingOf(rule, violation, identity)
    if (comment !== undefined) this.accepted.push({ ...finding, reason: comment, by: 'comment' })
    else if (name !== undefined)
      this.accepted.push({ ...finding, reason: `${name} is sanctioned`, by: 'sanctioned' })
    else {
      const isChanged = this.#changes === undefined || touches(this.#changes, violation)
      this.found.push({ finding, violation, identity, isChanged })
    }
  }

  #isAccepted({ rule, violation: { node } }: Said, suppressions: Suppressions): boolean {
    return (suppressions.reasonFor(rule.id, node) ?? this.#policy.sanctionedBy(node)) !== undefined
  }

  #findingOf(rule: Rule, violation: Violation, { symbol, fingerprint }: Identity): AuditFinding {
    const { node, message, remedy, confidence = rule.confidence } = violation
    const file = node.getSourceFile()
    const place = this.#places.of(node)
    const level = this.#policy.levelOf(rule, file.fileName)
    return {
      rule: rule.id,
      severity: severityOf(rule, violation, level === 'off' ? undefined : level),
      confidence,
      ...place,
      ...this.#places.endOf(node),
      symbol,
      fingerprint,
      message,
      remedy,
      excerpt: excerptOf(file, place),
      frame: frameOf(file, place),
      fix: violation.fix?.title ?? null,
      related: (violation.related ?? []).map((each) => ({ ...this.#places.of(each.node), what: each.what })),
      docs: `docs/rules/${rule.id}.md`,
    }
  }

  /** What is accepted does not count among findings that are alike. */
  #identify(rule: Rule, node: ts.Node, counts: boolean): Identity {
    const of = {
      rule: rule.id,
      file: this.#fromRoot.name(node.getSourceFile().fileName),
      symbol: symbolOf(node),
      code: codeOf(node),
    }
    const first = fingerprintOf({ ...of, occurrence: 0 })
    const occurrence = this.#occurrences.get(first) ?? 0
    if (counts) this.#occurrences.set(first, occurrence + 1)
    return { ...of, occurrence, fingerprint: fingerprintOf({ ...of, occurrence }) }
  }
}

interface Said {
  rule: Rule
  violation: Violation
}

/** One defect is told once, by the rule that says most of it. */
function saidElsewhere(
  { unlessSaid }: Violation,
  said: readonly { rule: Rule; judgement: Judgement }[],
): Said | undefined {
  if (!unlessSaid) return undefined
  for (const { rule, judgement } of said)
    if (rule.id === unlessSaid.rule && !isSite(judgement) && isWithin(judgement.node, unlessSaid.within))
      return { rule, violation: judgement }
  return undefined
}

function* apply(rule: Rule, file: ts.SourceFile, context: RuleContext): Generator<Judgement> {
  try {
    yield* rule.check(file, context)
  } catch (error) {
    throw new Error(`rule ${rule.id} broke on ${file.fileName}`, { cause: error })
  }
}

export function byPlace(a: Place & { rule?: string }, b: Place & { rule?: string }): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  if (a.line !== b.line || a.column !== b.column) return a.line - b.line || a.column - b.column
  return (a.rule ?? '').localeCompare(b.rule ?? '', 'en', { numeric: true })
}

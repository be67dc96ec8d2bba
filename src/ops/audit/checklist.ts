import type { AcceptedFinding, ChecklistItem, Place } from '../report/audit-report.js'

/** The review checklist of the specification, and the rules that decide each item. */
const ITEMS: readonly { item: string; rules: readonly string[] }[] = [
  { item: 'Factory functions return non-nullable types', rules: ['R1'] },
  { item: 'Factory functions return the same type whether or not Redis is there', rules: ['R2'] },
  { item: 'No null checks on a cache or limiter in application code', rules: ['R3'] },
  { item: 'No conditional logic on Redis in factory functions', rules: ['R4'] },
  { item: 'Error handling is internal to the cache or limiter', rules: ['R5'] },
  { item: 'Try-catch is around Redis operations, not in calling code', rules: ['R6'] },
  { item: 'Pass-through and allow-all implementations are used for failover', rules: ['R7', 'R10'] },
  { item: 'Metrics are instrumented', rules: ['R8'] },
  { item: 'Failover conditions are logged', rules: ['R9'] },
]

// The reader looks at one or two; the counts say how many there are.
const SHOWN = 5

/** A place that a rule has nothing against, or cannot judge. */
export interface PlacedSite extends Place {
  rule: string
  site: 'conforms' | 'unprovable'
  what: string
}

/** What the rules said, and how much of the code they saw. */
export interface Evidence {
  /** Ids of the rules that were applied. */
  applied: readonly string[]
  /** `isKnown`: it stands in the baseline. */
  findings: readonly (Place & { rule: string; message: string; isKnown?: boolean })[]
  accepted: readonly AcceptedFinding[]
  sites: readonly PlacedSite[]
  /** Why what was not found may be there all the same, such as `2 imports lead nowhere`. */
  unseen: readonly string[]
}

/** The checklist, answered by what the rules found; empty when none of the rules that decide it was applied. */
export function checklistOf(evidence: Evidence): ChecklistItem[] {
  const { applied } = evidence
  if (!ITEMS.some(({ rules }) => rules.some((rule) => applied.includes(rule)))) return []
  return ITEMS.map(({ item, rules }, index) => ({
    number: index + 1,
    item,
    rules: [...rules],
    ...answerOf(rules, evidence),
  }))
}

type Answer = Omit<ChecklistItem, 'number' | 'item' | 'rules'>

function answerOf(rules: readonly string[], { applied, unseen, ...all }: Evidence): Answer {
  const isOwn = ({ rule }: { rule: string }) => rules.includes(rule)
  const findings = all.findings.filter(isOwn)
  const accepted = all.accepted.filter(isOwn)
  const sites = all.sites.filter(isOwn)
  const conforming = sites.filter(({ site }) => site === 'conforms')
  const unprovable = sites.filter(({ site }) => site === 'unprovable')
  const missing = rules.filter((rule) => !applied.includes(rule))
  const counts = { findings: findings.length, sites: conforming.length, notApplied: missing }
  const allowed = accepted.length === 0 ? '' : `, ${accepted.length} accepted with a reason`
  if (findings.length > 0) {
    const because = `${countFindings(findings)}${allowed}`
    return { ...counts, result: 'fail', because, evidence: placesOf(findings, ({ message }) => message) }
  }
  const doubts = [
    ...(missing.length > 0 ? [`${missing.join(' and ')} not applied`] : []),
    ...(unprovable.length > 0 ? [`${count(unprovable.length, 'place')} decided out of sight`] : []),
    ...unseen,
  ]
  if (doubts.length > 0) {
    const shown = unprovable.length > 0 ? unprovable : conforming
    return {
      ...counts,
      result: 'not provable',
      because: doubts.join(', '),
      evidence: placesOf(shown, ({ what }) => what),
    }
  }
  if (conforming.length > 0) {
    const because = `${count(conforming.length, 'place')}${allowed}`
    return { ...counts, result: 'pass', because, evidence: placesOf(conforming, ({ what }) => what) }
  }
  // Somebody has looked, and answers for it.
  if (accepted.length > 0) {
    const because = `${accepted.length} accepted with a reason`
    return { ...counts, result: 'pass', because, evidence: placesOf(accepted, ({ reason }) => reason) }
  }
  return {
    ...counts,
    result: 'not applicable',
    because: 'there is nothing that it speaks of',
    evidence: [],
  }
}

function placesOf<T extends Place>(places: readonly T[], what: (place: T) => string) {
  return places
    .slice(0, SHOWN)
    .map((place) => ({ file: place.file, line: place.line, column: place.column, what: what(place) }))
}

function countFindings(findings: Evidence['findings']): string {
  const known = findings.filter(({ isKnown }) => isKnown).length
  if (known === 0) return count(findings.length, 'finding')
  if (known === findings.length) return count(known, 'known finding')
  return `${count(findings.length, 'finding')} (${known} known)`
}

function count(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? '' : 's'}`
}

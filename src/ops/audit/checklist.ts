import type { ChecklistItem, Place } from '../report/audit-report.js'

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

// The reader looks at one or two; the count says how many there are.
const SHOWN = 5

/** A place that a rule has nothing against, or cannot judge. */
export interface PlacedSite extends Place {
  rule: string
  site: 'conforms' | 'unprovable'
  what: string
}

/** The checklist, answered by what the rules found; empty unless all rules that decide it were applied. */
export function checklistOf(
  applied: readonly string[],
  findings: readonly { rule: string }[],
  sites: readonly PlacedSite[],
): ChecklistItem[] {
  if (!ITEMS.every(({ rules }) => rules.every((rule) => applied.includes(rule)))) return []
  return ITEMS.map(({ item, rules }, index) => {
    const count = findings.filter(({ rule }) => rules.includes(rule)).length
    const own = sites.filter(({ rule }) => rules.includes(rule))
    const conforming = own.filter(({ site }) => site === 'conforms')
    const unprovable = own.filter(({ site }) => site === 'unprovable')
    return {
      number: index + 1,
      item,
      rules: [...rules],
      findings: count,
      sites: conforming.length,
      ...resultOf(count, conforming.length, unprovable.length),
      evidence: (conforming.length > 0 ? conforming : unprovable)
        .slice(0, SHOWN)
        .map(({ file, line, column, what }) => ({ file, line, column, what })),
    }
  })
}

function resultOf(
  findings: number,
  conforming: number,
  unprovable: number,
): Pick<ChecklistItem, 'result' | 'because'> {
  if (findings > 0) return { result: 'fail', because: `${findings} to mend` }
  if (unprovable > 0) return { result: 'not provable', because: `${unprovable} cannot be judged` }
  if (conforming > 0) return { result: 'pass', because: `${conforming} looked at` }
  return { result: 'not applicable', because: 'there is nothing that it speaks of' }
}

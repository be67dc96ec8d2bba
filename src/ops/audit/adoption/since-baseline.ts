import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { BaselineReport, KnownFinding } from '../../report/audit-report.js'
import type { Baseline } from './baseline.js'
import { fingerprintOf } from './fingerprint.js'

/** What a finding is recognised by. */
export interface Identity extends KnownFinding {
  code: string
  occurrence: number
}

/** What this run looked at; nothing is said of entries that lie outside. */
export interface Scope {
  /** The root that the files of entries are relative to. */
  root: string
  rules: ReadonlySet<string>
  /** Relative to the root. */
  files: ReadonlySet<string>
}

export interface Compared {
  /** Fingerprints of the findings that the baseline knows. */
  known: ReadonlySet<string>
  fixed: KnownFinding[]
  notLookedAt: KnownFinding[]
}

/**
 * Finds the entries of a baseline again: by fingerprint, and those of a file that is gone under the file's new name, where
 * rule, symbol and code are the same.
 */
export function compare({ entries }: Baseline, found: readonly Identity[], scope: Scope): Compared {
  const recorded = new Set(entries.map(({ fingerprint }) => fingerprint))
  const known = new Set(found.flatMap((each) => (recorded.has(each.fingerprint) ? [each.fingerprint] : [])))
  const fixed: KnownFinding[] = []
  const notLookedAt: KnownFinding[] = []
  const open = found.filter(({ fingerprint }) => !known.has(fingerprint))
  for (const entry of entries) {
    if (known.has(entry.fingerprint)) continue
    const isGone = !existsSync(join(scope.root, entry.file))
    const moved = isGone ? open.findIndex((each) => isMoved(each, entry)) : -1
    if (moved !== -1) known.add(open.splice(moved, 1)[0]!.fingerprint)
    else if (scope.rules.has(entry.rule) && (isGone || scope.files.has(entry.file))) fixed.push(entry)
    else notLookedAt.push(entry)
  }
  return { known, fixed, notLookedAt }
}

function isMoved({ rule, symbol, code, occurrence }: Identity, entry: KnownFinding): boolean {
  return (
    rule === entry.rule &&
    symbol === entry.symbol &&
    fingerprintOf({ rule, symbol, code, occurrence, file: entry.file }) === entry.fingerprint
  )
}

/** What the baseline will hold: all that is there now, and what this run did not look at. */
export function updated(
  found: readonly Identity[],
  { entries }: Pick<Baseline, 'entries'>,
  { notLookedAt }: Compared,
): { entries: KnownFinding[]; written: NonNullable<BaselineReport['written']> } {
  const then = new Set(entries.map(({ fingerprint }) => fingerprint))
  const now = [...found, ...notLookedAt]
  const kept = new Set(now.map(({ fingerprint }) => fingerprint))
  return {
    entries: now,
    written: {
      added: now.filter(({ fingerprint }) => !then.has(fingerprint)).length,
      removed: entries.filter(({ fingerprint }) => !kept.has(fingerprint)).length,
      findings: now.length,
    },
  }
}

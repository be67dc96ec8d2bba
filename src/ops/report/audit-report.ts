import type { Report } from './report.js'

export type Severity = 'error' | 'warn'

/** How sure a finding is: `low` means that it should be looked at, not that it must be mended. */
export type Confidence = 'high' | 'medium' | 'low'

/** A place in the audited code. */
export interface Place {
  /** Relative to the working directory, with forward slashes. */
  file: string
  /** From 1. */
  line: number
  /** From 1. */
  column: number
}

/** One violation of a rule. */
export interface AuditFinding extends Place {
  rule: string
  /** Where the code ends that it is about. */
  endLine: number
  /** The column after its last character. */
  endColumn: number
  severity: Severity
  confidence: Confidence
  /** Rule, file, symbol and the code itself, hashed: the same when the line moves. */
  fingerprint: string
  /** The function, `Class.method` or variable that the finding is in; empty at the top level of a file. */
  symbol: string
  /** What is wrong and what it does in an outage, in one sentence. */
  message: string
  remedy: string
  /** The line itself, untrimmed; of one with more than 200 characters, the part with the finding. */
  excerpt: string
  /** The lines around it, the first of them numbered `from`. */
  frame: { from: number; lines: string[] }
  /** What `--fix` would do; null where nobody but the author can. */
  fix: string | null
  /** Other places that explain the finding. */
  related: (Place & { what: string })[]
  /** The page that explains the rule. */
  docs: string
}

/** A finding that somebody has decided to live with. */
export interface AcceptedFinding extends AuditFinding {
  reason: string
  /** `comment`: in the code, `cache-audit-ignore`. `sanctioned`: by a name in the project file. */
  by: 'comment' | 'sanctioned'
}

/** A finding of an earlier run, as a baseline keeps it. */
export interface KnownFinding {
  rule: string
  /** Relative to the root of the repository, with forward slashes. */
  file: string
  symbol: string
  fingerprint: string
}

/** What the baseline says, compared with the code as it is. */
export interface BaselineReport {
  /** As it was named. */
  file: string
  /** Entries of it that were looked for and are no longer there. */
  fixed: KnownFinding[]
  /** Entries of rules or files that this run did not look at. */
  notLookedAt: number
  /** What `--update-baseline` did; null when the file was only read. */
  written: { added: number; removed: number; findings: number } | null
}

/** A mend of the code, made or offered. */
export interface FixReport extends Place {
  rule: string
  title: string
}

export interface FixesReport {
  /** Whether files were written. */
  written: boolean
  applied: FixReport[]
  /** Those that were left out, and why. */
  skipped: (FixReport & { because: string })[]
  /** What was changed, or would be, as a unified diff. */
  diff: string
}

/** One item of the specification's review checklist, and what the code says to it. */
export interface ChecklistItem {
  /** From 1, in the order of the specification. */
  number: number
  item: string
  /** `not applicable`: there is nothing that the item speaks of. `not provable`: there is, and the code that decides is out of sight. */
  result: 'pass' | 'fail' | 'not applicable' | 'not provable'
  /** The rules that decide it. */
  rules: string[]
  /** Those of them that were not applied, so that it cannot pass. */
  notApplied: string[]
  findings: number
  /** Places that do as the item says; all of them. */
  sites: number
  /** What the result rests on, at most a handful: places that do as the item says, or do not, or cannot be judged. */
  evidence: (Place & { what: string })[]
  /** The result in a few words. */
  because: string
}

export interface AuditReport extends Report {
  command: 'audit'
  /** What was asked for, as given. */
  paths: string[]
  failOn: Severity | 'never'
  /** The working directory in its git repository; empty at the root, and outside any. */
  directory: string
  rules: { id: string; title: string; severity: Severity; confidence: Confidence; findings: number }[]
  /** Empty when none of its rules was applied. */
  checklist: ChecklistItem[]
  /** By file, line, column, rule. */
  findings: AuditFinding[]
  accepted: AcceptedFinding[]
  /** Those that stand in the baseline: shown, and never a reason to fail. */
  known: AuditFinding[]
  /** Null without a baseline. */
  baseline: BaselineReport | null
  /** With `--changed`: what the code is compared with. Findings in code that did not change are only counted. */
  changed: { since: string; commit: string; files: number; unchanged: number } | null
  /** Rules that the project file switches off. */
  off: string[]
  /** More warnings than this fail; null: any number may be there. */
  maxWarnings: number | null
  /** Null without `--fix` and `--fix-dry-run`. */
  fixes: FixesReport | null
  /** What is wrong with the audited code's own comments or syntax, and what could not be read. */
  problems: (Place & { message: string })[]
  summary: {
    /** Source files found. */
    files: number
    /** Those that mention a cache, a limiter or their state, and were read. */
    read: number
    /** Left out by name: tests, stories, generated code. */
    skipped: number
    /** Imports of own sources that could not be followed; a rule may miss what lies behind them. */
    unresolvedImports: number
    /** Files and directories that nothing is proved about; with any, the verdict is not pass. */
    unjudged: number
    errors: number
    warnings: number
  }
}

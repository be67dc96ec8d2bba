import type { Report } from './report.js'

export type Severity = 'error' | 'warn'

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
  severity: Severity
  /** The function, `Class.method` or variable that the finding is in; empty at the top level of a file. */
  symbol: string
  /** What is wrong and what it does in an outage, in one sentence. */
  message: string
  remedy: string
  /** The line itself, untrimmed; of one with more than 200 characters, the part with the finding. */
  excerpt: string
  /** Other places that explain the finding. */
  related: (Place & { what: string })[]
  /** The page that explains the rule. */
  docs: string
}

/** A finding that a comment in the code accepts. */
export interface AcceptedFinding extends Place {
  rule: string
  reason: string
}

export interface AuditReport extends Report {
  command: 'audit'
  /** What was asked for, as given. */
  paths: string[]
  failOn: Severity | 'never'
  rules: { id: string; title: string; severity: Severity; findings: number }[]
  /** By file, line, column, rule. */
  findings: AuditFinding[]
  accepted: AcceptedFinding[]
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

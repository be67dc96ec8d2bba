import type ts from 'typescript'
import type { Confidence, Severity } from '../report/audit-report.js'
import type { KeyFamily } from './families.js'
import type { References } from './project/references.js'
import type { Project } from './project/project.js'
import type { Handling } from './recognise/handling/handling.js'
import type { Implementers } from './recognise/implementers.js'
import type { Kinds } from './recognise/kinds.js'
import type { Operations } from './recognise/operations.js'
import type { Products } from './recognise/products.js'
import type { Receivers } from './recognise/receivers.js'
import type { Roles } from './recognise/roles.js'

/** What every rule may ask. */
export interface RuleContext {
  project: Project
  references: References
  implementers: Implementers
  kinds: Kinds
  products: Products
  receivers: Receivers
  operations: Operations
  roles: Roles
  handling: Handling
  /** The kinds of key that are declared. */
  families: readonly KeyFamily[]
}

/** A change of the code that does nothing but mend one violation. */
export interface Fix {
  /** What it does, such as `add a listener for errors`. */
  title: string
  edits: { file: ts.SourceFile; start: number; end: number; text: string }[]
  /** Names that the new code needs, imported where they are not yet. */
  imports?: { name: string; from: string }[]
}

/** One violation, where it must be mended. */
export interface Violation {
  node: ts.Node
  /** One sentence: what is wrong, and what it does in an outage. */
  message: string
  /** One sentence: what to write instead. */
  remedy: string
  /** Where it weighs less than the rule's other violations. @default the rule's */
  severity?: Severity
  /** Where it is less certain than the rule's other violations. @default the rule's */
  confidence?: Confidence
  /** Places that explain it. */
  related?: { node: ts.Node; what: string }[]
  fix?: Fix
  /** The same defect by another rule's words: left out where that rule, if it is applied, says something within. */
  unlessSaid?: { rule: string; within: ts.Node }
}

/** A place that the rule looked at and has nothing against: the evidence of the checklist. */
export interface Site {
  node: ts.Node
  /** `conforms`: it does as the rule says. `unprovable`: the code that decides is out of sight. */
  site: 'conforms' | 'unprovable'
  /** What it is, in a few words: `createCache returns a cache on every path`. */
  what: string
}

export type Judgement = Violation | Site

export function isSite(judgement: Judgement): judgement is Site {
  return 'site' in judgement
}

/**
 * One item of the review checklist. A rule is a pure function of one file and what the project knows; it never goes by
 * a name alone where the code can be read, and a type that is `any` never silences it.
 */
export interface Rule {
  /** As in the checklist, such as `R1`; also the name of its page in docs/rules/. */
  id: string
  /** What good code does, in a few words. */
  title: string
  severity: Severity
  /** How often a finding is one, for the reader who has little time. */
  confidence: Confidence
  check(file: ts.SourceFile, context: RuleContext): Iterable<Judgement>
}

import type ts from 'typescript'
import type { Severity } from '../report/audit-report.js'
import type { References } from './project/references.js'
import type { Project } from './project/project.js'
import type { Kinds } from './recognise/kinds.js'
import type { Products } from './recognise/products.js'

/** What every rule may ask. */
export interface RuleContext {
  project: Project
  references: References
  kinds: Kinds
  products: Products
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
  /** Places that explain it. */
  related?: { node: ts.Node; what: string }[]
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
  check(file: ts.SourceFile, context: RuleContext): Iterable<Violation>
}

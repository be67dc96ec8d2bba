import { relative, sep } from 'node:path'
import type ts from 'typescript'
import type { Severity } from '../../report/audit-report.js'
import { UsageError } from '../../report/errors.js'
import { nearest } from '../../report/nearest.js'
import type { Rule, Violation } from '../rule.js'
import { matches } from './glob.js'
import { isSanctioned } from './sanctioned.js'

export type Level = Severity | 'off'

/** What the project file says of its own code. */
export interface PolicyOptions {
  /** By id of a rule. */
  rules?: Record<string, Level>
  /** For some paths; of several that match, the last one is heard. */
  overrides?: readonly { paths: readonly string[]; rules: Record<string, Level> }[]
  /** Names of functions, classes and variables whose findings are accepted. */
  sanctioned?: readonly string[]
  /** Patterns of files that are not judged. */
  ignore?: readonly string[]
  /** What the patterns are relative to. @default the working directory */
  directory?: string
}

/** Decides which rules are applied, where, and how much their findings weigh. */
export class Policy {
  readonly #options: PolicyOptions
  readonly #directory: string
  readonly #named: ReadonlySet<string>
  readonly #rules: ReadonlyMap<string, Level>
  readonly #overrides: readonly { paths: readonly string[]; rules: ReadonlyMap<string, Level> }[]

  /**
   * @param named ids of the rules that were asked for by name, which the project file cannot switch off as a whole
   * @throws UsageError for a rule that is none
   */
  constructor(
    options: PolicyOptions,
    of: { cwd: string; named: readonly string[]; known: readonly string[] },
  ) {
    this.#options = options
    this.#directory = options.directory ?? of.cwd
    this.#named = new Set(of.named)
    this.#rules = levels(options.rules ?? {}, 'audit.rules', of.known)
    this.#overrides = (options.overrides ?? []).map(({ paths, rules }, index) => ({
      paths,
      rules: levels(rules, `audit.overrides.${index}.rules`, of.known),
    }))
  }

  /** Switched off for all files. */
  isOff(rule: Rule): boolean {
    return this.#rules.get(rule.id) === 'off' && !this.#named.has(rule.id)
  }

  isIgnored(file: string): boolean {
    return (this.#options.ignore ?? []).some((pattern) => matches(pattern, this.#name(file)))
  }

  /** What a rule weighs in a file; undefined where nobody has said so. */
  levelOf(rule: Rule, file: string): Level | undefined {
    const name = this.#name(file)
    const override = this.#overrides.findLast(
      ({ paths, rules }) => rules.has(rule.id) && paths.some((pattern) => matches(pattern, name)),
    )
    const level = override?.rules.get(rule.id) ?? this.#rules.get(rule.id)
    return override === undefined && level === 'off' ? undefined : level
  }

  /** The name that makes a finding accepted; undefined when there is none. */
  sanctionedBy(node: ts.Node): string | undefined {
    return (this.#options.sanctioned ?? []).find((name) => isSanctioned(node, name))
  }

  #name(file: string): string {
    return relative(this.#directory, file).split(sep).join('/')
  }
}

/** A finding that weighs less than its rule does so still, unless the rule itself was given another weight. */
export function severityOf(rule: Rule, violation: Violation, level: Severity | undefined): Severity {
  return level === undefined || level === rule.severity ? (violation.severity ?? rule.severity) : level
}

function levels(
  given: Record<string, Level>,
  path: string,
  known: readonly string[],
): ReadonlyMap<string, Level> {
  return new Map(
    Object.entries(given).map(([id, level]) => {
      if (known.includes(id.toUpperCase())) return [id.toUpperCase(), level]
      const meant = nearest(id, known)
      throw new UsageError('UNKNOWN_RULE', `${path}: '${id}' is no rule.`, [
        meant ? `did you mean ${meant}?` : `one of ${known.join(', ')}`,
      ])
    }),
  )
}

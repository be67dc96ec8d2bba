import type ts from 'typescript'
import type { WhyReport } from '../../report/why-report.js'
import type { Policy } from '../adoption/policy.js'
import { Collected } from '../collected.js'
import { frameOf, Places } from '../places.js'
import type { Project } from '../project/project.js'
import { repositoryOf } from '../repository.js'
import type { Rule, RuleContext } from '../rule.js'
import { beliefOf } from './beliefs.js'
import { namedOn } from './named-things.js'
import { operationsOn } from './operations-there.js'
import { roleOn } from './role-there.js'

export interface Asking {
  file: ts.SourceFile
  line: number
  selected: readonly Rule[]
  policy: Policy
  context: RuleContext
  project: Project
  cwd: string
}

/** All that is believed and said of a line of a file that was read. */
export function saidOf(asking: Asking): Partial<WhyReport> {
  const { file, line, context, cwd } = asking
  const places = new Places(cwd)
  return {
    frame: frameOf(file, { file: file.fileName, line, column: 1 }),
    role: roleOn(file, line, context),
    things: namedOn(file, line).map((thing) => beliefOf(thing, context, places)),
    operations: operationsOn(file, line, context, places),
    ...judgedOn(asking, places),
  }
}

function judgedOn({ file, line, selected, policy, context, project, cwd }: Asking, places: Places) {
  const isOff = (rule: Rule) => policy.isOff(rule) || policy.levelOf(rule, file.fileName) === 'off'
  const applied = selected.filter((rule) => !isOff(rule))
  const fromRoot = new Places(repositoryOf(cwd))
  const collected = new Collected({ places, fromRoot, policy, changes: undefined })
  collected.add(file, applied, context)
  const covers = (each: { line: number; endLine: number }) => each.line <= line && line <= each.endLine
  const findings = collected.found.map(({ finding }) => finding).filter(covers)
  const accepted = collected.accepted.filter(covers)
  const sites = collected.sites.filter((each) => each.line === line)
  const speaking = new Set([...findings, ...accepted, ...sites].map(({ rule }) => rule))
  const syntaxErrors = project.problems.flatMap(({ source, position, message }) =>
    source === file ? [{ ...places.at(file, position), message }] : [],
  )
  return {
    findings,
    accepted,
    sites,
    // A comment may stand on the line above what it speaks of.
    problems: [...collected.problems, ...syntaxErrors].filter((each) => [line, line - 1].includes(each.line)),
    silent: applied.map(({ id }) => id).filter((id) => !speaking.has(id)),
    off: selected.filter(isOff).map(({ id }) => id),
  }
}

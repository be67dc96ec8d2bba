import ts from 'typescript'
import type { Project } from '../../project/project.js'
import { leftToCallers } from '../../recognise/client-usage.js'
import { constructionsIn, holderOf, type Construction } from '../../recognise/clients.js'
import { isHeardAt } from '../../recognise/listening.js'
import type { RuleContext } from '../../rule.js'

const byProject = new WeakMap<Project, Construction[]>()

// Others need not be asked what they make.
const NAMES_CLIENT = /redis|valkey/i

/** Connections of a helper that leaves the listener to its callers, at those who attach none where others do. */
export function unheardCallers(file: ts.SourceFile, context: RuleContext): Construction[] {
  let known = byProject.get(context.project)
  if (!known) {
    const files = context.project.sources.filter(({ text }) => NAMES_CLIENT.test(text))
    known = files.flatMap((each) => constructionsIn(each, context)).flatMap((made) => unheard(made, context))
    byProject.set(context.project, known)
  }
  return known.filter(({ node }) => node.getSourceFile() === file)
}

function unheard(made: Construction, context: RuleContext): Construction[] {
  const calls = leftToCallers(made, context)
  // Where nobody listens, it is the helper that is reported.
  if (!calls.some(({ uses }) => uses.some((use) => isHeardAt(use, context)))) return []
  return calls
    .filter(({ uses }) => uses.every((use) => isPlain(use) && !isHeardAt(use, context)))
    .map(({ call }) => ({ ...made, node: call, holder: holderOf(call, context) }))
    .filter(({ holder }) => holder !== undefined)
}

/** It is kept or asked: what it is handed to may listen. */
function isPlain({ parent }: ts.Node): boolean {
  return (
    ts.isPropertyAccessExpression(parent) ||
    ts.isVariableDeclaration(parent) ||
    ts.isPropertyDeclaration(parent) ||
    (ts.isBinaryExpression(parent) && ts.isExpressionStatement(parent.parent))
  )
}

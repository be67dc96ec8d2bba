import ts from 'typescript'
import type { ProcessStore } from '../../recognise/process-stores.js'
import type { RuleContext } from '../../rule.js'
import { above, hasModifier, isWithin, lastName } from '../../syntax.js'

/** In what a timer calls, directly or by name; or in a method that a scheduler calls. */
export function isTimed(node: ts.Node, context: RuleContext): boolean {
  for (let each = above(node, ts.isFunctionLike); each; each = above(each, ts.isFunctionLike)) {
    const { parent } = each
    if (ts.isCallExpression(parent) && isTimer(parent)) return true
    const decorators = ts.canHaveDecorators(each) ? (ts.getDecorators(each) ?? []) : []
    if (decorators.some(({ expression }) => /^(?:Cron|Interval|Timeout|Every)/.test(expression.getText())))
      return true
    const isTimedByName = callersOf(each, context).some((use) => {
      const call = above(use, ts.isCallExpression)
      return call !== undefined && isTimer(call)
    })
    if (isTimedByName) return true
  }
  return false
}

/** Below a timer that an exported function would set, and nobody calls that. */
export function isNeverStarted(node: ts.Node, { uses }: ProcessStore, context: RuleContext): boolean {
  const isSet = (each: ts.Node): each is ts.CallExpression => ts.isCallExpression(each) && isTimer(each)
  const timer = above(node, isSet)
  const starter = timer && above(timer, ts.isFunctionLike)
  if (!starter || !ts.isFunctionDeclaration(starter)) return false
  // A timer for each entry is set with it.
  if (uses.some((use) => use.within === starter)) return false
  return (
    hasModifier(starter, ts.SyntaxKind.ExportKeyword) &&
    callersOf(starter, context).length === 0 &&
    !context.project.isMentioned(nameOf(starter), starter.getSourceFile())
  )
}

function isTimer(call: ts.CallExpression): boolean {
  return /^(?:setInterval|setTimeout|setImmediate|schedule|scheduleJob|cron)$/.test(lastName(call.expression))
}

export function callersOf(maker: ts.SignatureDeclaration, { references }: RuleContext): ts.Identifier[] {
  const named = (maker.name ? maker : maker.parent) as ts.NamedDeclaration
  return references.to(named).filter((use) => !isWithin(use, maker) && !isExport(use))
}

function isExport(use: ts.Node): boolean {
  return ts.isExportSpecifier(use.parent) || ts.isImportSpecifier(use.parent)
}

export function nameOf(maker: ts.SignatureDeclaration): string {
  const { name } = maker.name ? maker : (maker.parent as Partial<ts.NamedDeclaration>)
  return name?.getText() ?? ''
}

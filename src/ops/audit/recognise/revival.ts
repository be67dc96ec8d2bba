import ts from 'typescript'
import type { RuleContext } from '../rule.js'
import { above, all, isAssignment, lastName, nameOf, own } from '../syntax.js'

/** The assignments to a variable or field in the file that declares it, the one it is declared with left out. */
export function assignmentsTo(declaration: ts.Declaration, { project }: RuleContext): ts.BinaryExpression[] {
  const name = (declaration as ts.NamedDeclaration).name?.getText() ?? ''
  return all(declaration.getSourceFile(), isAssignment)
    .filter(({ left }) => lastName(left) === name.replace('#', '') || left.getText().endsWith(`.${name}`))
    .filter(({ left }) => project.declarationOf(nameOf(left)) === declaration)
}

/**
 * Whether a client that was put aside is made again: by an accessor that finds none, or by a timer. What runs once, at
 * the start or in a constructor, makes none again.
 */
export function isMadeAgain(holder: ts.Declaration, context: RuleContext): boolean {
  const name = (holder as ts.NamedDeclaration).name?.getText() ?? ''
  return assignmentsTo(holder, context).some((assignment) => {
    const { right, operatorToken } = assignment
    if (!context.products.of(right).some(({ kind }) => kind === 'client')) return false
    const within = above(assignment, ts.isFunctionLike)
    if (!within || ts.isConstructorDeclaration(within)) return false
    if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionEqualsToken) return true
    const asks = [
      ...own(within, ts.isIfStatement).map(({ expression }) => expression),
      ...own(within, ts.isConditionalExpression).map(({ condition }) => condition),
      ...own(within, ts.isBinaryExpression).map(({ left }) => left),
    ].some((condition) => !isWithinLeft(condition, assignment) && condition.getText().includes(name))
    return asks || isScheduled(within, context)
  })
}

function isWithinLeft(condition: ts.Node, assignment: ts.BinaryExpression): boolean {
  return (
    condition === assignment.left || (isAssignment(condition.parent) && condition.parent.left === condition)
  )
}

function isScheduled(within: ts.SignatureDeclaration, { references }: RuleContext): boolean {
  const named = (within.name ? within : within.parent) as ts.NamedDeclaration
  return references.to(named).some((use) => {
    const call = above(use, ts.isCallExpression)
    const outer =
      call && /^(?:setTimeout|setInterval)$/.test(lastName(call.expression))
        ? call
        : call && above(call, ts.isCallExpression)
    return outer !== undefined && /^(?:setTimeout|setInterval)$/.test(lastName(outer.expression))
  })
}

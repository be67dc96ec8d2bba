import ts from 'typescript'
import type { References } from '../../project/references.js'
import { bare, type FunctionNode } from '../../syntax.js'

/** The calls in sight of a function, by the name that it has. */
export function callsOf(callee: FunctionNode, references: References): ts.CallExpression[] {
  const holder = holderOf(callee)
  if (!holder) return []
  return references.to(holder).flatMap((name) => {
    const whole = ts.isPropertyAccessExpression(name.parent) && name.parent.name === name ? name.parent : name
    return ts.isCallExpression(whole.parent) && whole.parent.expression === whole ? [whole.parent] : []
  })
}

/** The declaration that names it: its own, or the variable or member that it is the value of. */
function holderOf(callee: FunctionNode): ts.NamedDeclaration | undefined {
  if (callee.name) return callee as ts.NamedDeclaration
  const { parent } = callee
  const isHolder =
    ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent)
  return isHolder && parent.initializer && bare(parent.initializer) === callee ? parent : undefined
}

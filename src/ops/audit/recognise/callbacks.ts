import ts from 'typescript'
import type { Project } from '../project/project.js'
import { bare, functionAt, isFunction, nameOf } from '../syntax.js'

/** A function that is handed over, and what it calls its first parameter. */
export interface Callback {
  /** Undefined where it is out of sight. */
  body: ts.Node | undefined
  error: ts.Identifier | undefined
}

/** Reads `() => …`, `onError`, `this.onError`, `this.onError.bind(this)`. */
export function callbackOf(given: ts.Expression, project: Project): Callback {
  const node = unbound(bare(given))
  const found = isFunction(node) ? node : declaredAt(node, project)
  if (!found) return { body: undefined, error: undefined }
  const name = found.parameters[0]?.name
  return { body: found.body, error: name && ts.isIdentifier(name) ? name : undefined }
}

function declaredAt(node: ts.Expression, project: Project) {
  const declaration = project.declarationOf(nameOf(node))
  return declaration && functionAt(declaration)
}

function unbound(node: ts.Expression): ts.Expression {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return node
  return node.expression.name.text === 'bind' ? bare(node.expression.expression) : node
}

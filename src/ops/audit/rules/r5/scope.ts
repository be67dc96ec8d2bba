import ts from 'typescript'
import { outermostFunction } from '../../recognise/containers.js'
import { isAnsweredWithError } from '../../recognise/handling/failed-answers.js'
import { isHandler } from '../../recognise/handlers.js'
import { above, isFunction } from '../../syntax.js'

/** The function that one finding is about: the named one around a node, else the outermost. */
export function scopeOf(node: ts.Node): ts.Node {
  return above(node, isNamed) ?? outermostFunction(node) ?? node.getSourceFile()
}

/**
 * Within which what one function asks of another is said once: the handler of a request; all those of one function, where
 * each answers with an error of its own.
 */
export function toldOnceIn(node: ts.Node): ts.Node {
  if (isAnsweredWithError(node)) return scopeOf(node)
  return above(node, isRequest) ?? scopeOf(node)
}

function isRequest(node: ts.Node): node is ts.Node {
  return isFunction(node) && ts.isCallExpression(node.parent) && isHandler(node)
}

function isNamed(node: ts.Node): node is ts.Node {
  return ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node)
}

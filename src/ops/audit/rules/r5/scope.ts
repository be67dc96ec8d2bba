import ts from 'typescript'
import { outermostFunction } from '../../recognise/containers.js'
import { above } from '../../syntax.js'

/** The function that one finding is about: the named one around a node, else the outermost. */
export function scopeOf(node: ts.Node): ts.Node {
  return above(node, isNamed) ?? outermostFunction(node) ?? node.getSourceFile()
}

function isNamed(node: ts.Node): node is ts.Node {
  return ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node)
}

import ts from 'typescript'
import type { RuleContext } from '../../rule.js'
import { all, bare } from '../../syntax.js'

const LUA = /redis\.p?call|\bKEYS\s*\[|\bARGV\s*\[/
const MAX_DEPTH = 4

/** The Lua that an expression holds, or that was loaded to get its hash; undefined when it is not in the code. */
export function luaIn(node: ts.Expression, context: RuleContext, depth = 0): string | undefined {
  const value = bare(node)
  const here = all(value, isText).map(textOf).join('\n')
  if (LUA.test(here)) return here
  if (depth > MAX_DEPTH) return undefined
  for (const name of all(value, ts.isIdentifier)) {
    const declaration = context.project.declarationOf(name)
    const isHolder =
      declaration !== undefined &&
      (ts.isVariableDeclaration(declaration) ||
        ts.isPropertyDeclaration(declaration) ||
        ts.isPropertyAssignment(declaration))
    const found = isHolder && declaration.initializer && luaIn(declaration.initializer, context, depth + 1)
    if (found) return found
  }
  return undefined
}

function isText(node: ts.Node): node is ts.StringLiteralLike | ts.TemplateExpression {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)
}

function textOf(node: ts.StringLiteralLike | ts.TemplateExpression): string {
  return ts.isStringLiteralLike(node) ? node.text : node.getText().slice(1, -1)
}

import ts from 'typescript'
import type { Project } from '../project/project.js'
import { bare } from '../syntax.js'

const AT_HOME =
  /NODE_ENV\W{1,6}={2,3}\s*['"](?:dev\w*|test|local)['"]|NODE_ENV\W{1,6}!={1,2}\s*['"]prod\w*['"]|\bis_?(?:dev|development|debug|local)(?:Mode|Env\w*)?\b|__DEV__|env\.DEV\b|process\.env\.\w*DEBUG\w*/i
const IN_PRODUCTION = /NODE_ENV\W{1,6}={2,3}\s*['"]prod\w*['"]|\bis_?prod(?:uction)?\b|env\.PROD\b/i
// Variables that are given one another, such as `const quiet = !quiet` in code that never ran, have no end.
const MOST_VARIABLES = 3

/** Whether a part of some code is left out in production: a log below it is read by nobody there. */
export function isLeftOutInProduction(node: ts.Node, root: ts.Node, project: Project): boolean {
  for (let each = node; each !== root && each.parent !== undefined; each = each.parent) {
    const { parent } = each
    const [condition, yes] = ts.isIfStatement(parent)
      ? [parent.expression, parent.thenStatement]
      : ts.isConditionalExpression(parent)
        ? [parent.condition, parent.whenTrue]
        : isAnd(parent)
          ? [parent.left, parent.right]
          : []
    if (!condition || each === condition) continue
    const isAtHome = meaningOf(condition, project)
    if (isAtHome !== undefined && isAtHome === (each === yes)) return true
  }
  return false
}

function isAnd(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
}

/** True where a condition holds at home only, false where it holds in production only. */
function meaningOf(condition: ts.Expression, project: Project, variables = 0): boolean | undefined {
  const node = bare(condition)
  if (ts.isPrefixUnaryExpression(node) && node.operator === ts.SyntaxKind.ExclamationToken) {
    const inner = meaningOf(node.operand, project, variables)
    return inner === undefined ? undefined : !inner
  }
  // Of several conditions, one that is not about where it runs may be what decides.
  if (isAnd(node))
    return [node.left, node.right].some((each) => meaningOf(each, project, variables)) ? true : undefined
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.BarBarToken) return undefined
  const text = node.getText()
  if (AT_HOME.test(text)) return true
  if (IN_PRODUCTION.test(text)) return false
  if (variables === MOST_VARIABLES) return undefined
  const declaration = ts.isIdentifier(node) ? project.declarationOf(node) : undefined
  const value = declaration && ts.isVariableDeclaration(declaration) ? declaration.initializer : undefined
  return value && !ts.isIdentifier(bare(value)) ? meaningOf(value, project, variables + 1) : undefined
}

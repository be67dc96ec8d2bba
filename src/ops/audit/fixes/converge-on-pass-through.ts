import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import ts from 'typescript'
import type { Fix, RuleContext } from '../rule.js'
import { bare, hasModifier, isNull } from '../syntax.js'

const PACKAGE = 'transparent-cache'
const NAME = 'createPassThroughRedis'
// What the pass-through has, with as many arguments as it takes.
const HAS: Record<string, number> = { get: 1, del: 1, set: 2, ping: 0 }

/**
 * A pass-through in the place of null, for `export const redis = url ? new Redis(url) : null`; undefined unless all of the code asks
 * of it no more than a pass-through has, no type says otherwise, and the package that makes one is a dependency.
 */
export function convergeOnPassThrough(name: ts.Node, context: RuleContext): Fix | undefined {
  const declaration = name.parent
  if (!ts.isVariableDeclaration(declaration) || !declaration.initializer || declaration.type) return undefined
  const statement = declaration.parent.parent
  const isExported = ts.isVariableStatement(statement) && hasModifier(statement, ts.SyntaxKind.ExportKeyword)
  const isConstant = (declaration.parent.flags & ts.NodeFlags.Const) !== 0
  if (!isExported || !isConstant) return undefined
  const nothing = nothingIn(declaration.initializer)
  const file = name.getSourceFile()
  if (nothing === undefined || file.text.includes(NAME) || !isInstalled(file)) return undefined
  const uses = context.references.to(declaration)
  if (uses.length === 0 || !uses.every(isModest)) return undefined
  const edit = { file, start: nothing.getStart(), end: nothing.end, text: `${NAME}()` }
  return {
    title: 'put a pass-through in the place of null',
    edits: [edit],
    imports: [{ name: NAME, from: PACKAGE }],
  }
}

/** The arm of a choice that is nothing, where the other one makes a client. */
function nothingIn(initializer: ts.Expression): ts.Expression | undefined {
  const choice = bare(initializer)
  if (!ts.isConditionalExpression(choice)) return undefined
  const arms = [choice.whenTrue, choice.whenFalse]
  const nothing = arms.filter((each) => isNull(bare(each)))
  const made = arms.filter((each) => ts.isNewExpression(bare(each)))
  return nothing.length === 1 && made.length === 1 ? nothing[0] : undefined
}

/** A call that a pass-through answers, a question whether it is there, or an import under its own name. */
function isModest(use: ts.Identifier): boolean {
  const { parent } = use
  if (ts.isImportSpecifier(parent)) return parent.propertyName === undefined
  if (ts.isPropertyAccessExpression(parent) && parent.expression === use) {
    const call = parent.parent
    const most = HAS[parent.name.text]
    return (
      most !== undefined &&
      ts.isCallExpression(call) &&
      call.expression === parent &&
      call.arguments.length <= most &&
      !call.arguments.some(ts.isSpreadElement)
    )
  }
  const isNegated = ts.isPrefixUnaryExpression(parent) && parent.operator === ts.SyntaxKind.ExclamationToken
  const isAsked =
    (ts.isIfStatement(parent) && parent.expression === use) ||
    (ts.isConditionalExpression(parent) && parent.condition === use)
  return isNegated || isAsked
}

/** The nearest manifest has it among the dependencies; where there is none, nobody says that it has not. */
function isInstalled({ fileName }: ts.SourceFile): boolean {
  for (let at = dirname(fileName); ; at = dirname(at)) {
    const path = join(at, 'package.json')
    if (existsSync(path)) {
      const { name, dependencies } = manifestAt(path)
      return name === PACKAGE || Object.hasOwn(dependencies ?? {}, PACKAGE)
    }
    if (existsSync(join(at, '.git')) || at === dirname(at)) return true
  }
}

function manifestAt(path: string): { name?: string; dependencies?: object } {
  try {
    return (JSON.parse(readFileSync(path, 'utf8')) ?? {}) as { name?: string; dependencies?: object }
  } catch {
    // Whoever cannot be read does not say that it has it.
    return {}
  }
}
